import { describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.js';

const idFor = (given?: string): string =>
  requestIdOf({ headers: given === undefined ? {} : { 'x-request-id': given } });

describe('the id of a request', () => {
  it.each(['4bf92f35-77b3-4da6', 'checkout/42:retry=1', 'a'.repeat(128)])('is the caller’s: %s', (given) => {
    expect(idFor(given)).toBe(given);
  });

  it.each([
    '',
    'a'.repeat(129),
    'two words',
    'line\nbreak',
    '"quoted"',
    'é',
    '4111111111111111',
    '4111-1111-1111-1111',
  ])('is ours where that of the caller may not be written down: %j', (given) => {
    expect(idFor(given)).toMatch(/^[\w-]{8}-[0-9a-z]+$/);
  });

  it('is another one for each request', () => {
    expect(new Set(Array.from({ length: 1000 }, () => idFor())).size).toBe(1000);
  });
});
