import { loadConfig } from '@fraud/platform';
import { expect, it } from 'vitest';
import { privacyNote } from './privacy-note.js';

it('speaks up where addresses go to a Redis under the key that is in the documentation, and nowhere else', () => {
  const REDIS_URL = 'redis://127.0.0.1:6379';
  expect(privacyNote(loadConfig({ REDIS_URL }))).toContain('PSEUDONYM_KEY is not set');
  expect(privacyNote(loadConfig({ REDIS_URL, PSEUDONYM_KEY: 'secret' }))).toBeNull();
  expect(privacyNote(loadConfig({}))).toBeNull();
});
