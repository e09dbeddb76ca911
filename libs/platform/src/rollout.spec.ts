import { describe, expect, it } from 'vitest';
import { parseRollout, rolloutName } from './rollout.js';

describe('a rollout', () => {
  it('is written as version and percent', () => {
    expect(parseRollout('v1.3.0:10')).toEqual({ version: 'v1.3.0', percent: 10 });
    expect(parseRollout('v1.3.0:0.25')).toEqual({ version: 'v1.3.0', percent: 0.25 });
    expect(rolloutName({ version: 'v1.3.0', percent: 10 })).toBe('v1.3.0:10');
  });

  it.each(['v1.3.0', 'v1.3.0:', ':10', 'v1:101', 'v1:-1', 'v1:1e1', 'v1:0.001', '../v1:10', 'v1:10:20'])(
    'is not %s',
    (text) => {
      expect(parseRollout(text)).toBeNull();
    },
  );
});
