import { describe, expect, it } from 'vitest';
import { freePorts } from './free-port.mjs';

describe('free ports', () => {
  it('that are asked for together are all different', async () => {
    expect(new Set(await freePorts(50)).size).toBe(50);
  });
});
