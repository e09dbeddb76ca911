import { createRequire } from 'node:module';
import { Ajv, type AnySchema } from 'ajv';
import { SETTINGS } from '@fraud/platform';
import { expect, it } from 'vitest';
import { asyncApi } from './asyncapi.js';

const require = createRequire(import.meta.url);

it('the description of the topics is valid AsyncAPI 3', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(require('@asyncapi/specs/schemas/3.0.0-without-$id.json') as AnySchema);
  expect([validate(asyncApi()), validate.errors]).toEqual([true, null]);
});

it('the description of the topics has every topic that a setting names', () => {
  const { channels } = asyncApi() as { channels: Record<string, { address: string }> };
  const named = Object.entries(SETTINGS).filter(([name]) => name.endsWith('_TOPIC'));
  expect(Object.values(channels).map(({ address }) => address)).toEqual(
    expect.arrayContaining(named.map(([, setting]) => (setting as { default?: string }).default)),
  );
  expect(Object.keys(channels)).toHaveLength(named.length);
});
