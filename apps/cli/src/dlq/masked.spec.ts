import { describe, expect, it } from 'vitest';
import { masked } from './masked.js';

describe('masked', () => {
  it.each([
    ['{"card_id":"4111111111111111"}', '{"card_id":"************1111"}'],
    ['4111 1111-1111.1111, again 5500000000000004', '**** ****-****.1111, again ************0004'],
  ])('hides a card number but for its last digits: %s', (text, shown) => {
    expect(masked(text)).toBe(shown);
  });

  it.each(['4111111111111112', '1767571200000', 'tok_4111', '123-456'])(
    'shows what is no card number: %s',
    (text) => {
      expect(masked(text)).toBe(text);
    },
  );
});
