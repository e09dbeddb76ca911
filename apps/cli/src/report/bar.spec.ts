import { expect, it } from 'vitest';
import { bar } from './bar.js';

it('is as long as the share, to an eighth of a cell, and always as wide', () => {
  expect([0, 0.5, 1].map((share) => bar(share, 4))).toEqual(['░░░░', '██░░', '████']);
  expect(bar(0.28125, 4)).toBe('█▏░░');
  for (let share = -0.5; share < 1.5; share += 0.01) expect(bar(share)).toHaveLength(10);
});
