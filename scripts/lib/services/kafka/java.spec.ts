import { describe, expect, it } from 'vitest';
import { javaMajor } from './java.mjs';

describe('the version of a Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njava version "25.0.1" 2025-10-21 LTS', 25],
    ['java version "1.8.0_412"', 8],
    ['command not found', 0],
  ])('is read from %j', (output, major) => {
    expect(javaMajor(output)).toBe(major);
  });
});
