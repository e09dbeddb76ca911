import { describe, expect, it } from 'vitest';
import { duration } from '../argument-parsers.js';
import { retentionText } from './retention.js';

describe('retentionText', () => {
  it('says a retention as one would give it', () => {
    for (const text of ['7d', '36h', '90m', '45s', '1500ms'])
      expect(retentionText(duration(text))).toBe(text);
    expect(retentionText(-1)).toBe('for ever');
  });
});
