import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { KafkaMessage } from 'kafkajs';
import { REPOSITORY } from './cli.js';

interface Described {
  readonly payload?: object;
  readonly headers?: object;
}

const description = JSON.parse(readFileSync(path.join(REPOSITORY, 'docs/schemas/asyncapi.json'), 'utf8')) as {
  components: { messages: Record<string, Described>; schemas: object };
};

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

/**
 * What is not as the description of the topics has it; empty where all is.
 * @param name of the message in `components.messages`
 */
export function undescribed(name: string, messages: readonly KafkaMessage[]): string[] {
  const { payload, headers } = description.components.messages[name]!;
  const within = (schema: object) => ajv.compile({ ...schema, components: description.components });
  const validPayload = payload === undefined ? null : within(payload);
  const validHeaders = headers === undefined ? null : within(headers);
  return messages.flatMap((message) => {
    const texts = Object.fromEntries(
      Object.entries(message.headers ?? {}).map(([header, value]) => [header, String(value)]),
    );
    validPayload?.(JSON.parse(String(message.value)));
    validHeaders?.(texts);
    const errors = [...(validPayload?.errors ?? []), ...(validHeaders?.errors ?? [])];
    return errors.map(({ instancePath, message: text }) => `${message.offset}: ${instancePath} ${text}`);
  });
}
