import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv, type Schema } from 'ajv';
import { parse } from 'yaml';
import { ConfigError } from './config-error.js';

/** A validated YAML file with its version. */
export interface YamlFile<T> {
  readonly content: T;
  /** First 12 hex digits of the sha256 of the file's bytes. */
  readonly version: string;
  /** The file, as it was read. */
  readonly text: string;
}

const ajv = new Ajv({ allErrors: true, strict: false });

/**
 * Reads and validates a YAML file.
 * @throws ConfigError that names the file, each wrong field and what was expected
 */
export function readYamlFile<T>(path: string, schema: Schema): YamlFile<T> {
  let text: string;
  let content: unknown;
  try {
    text = readFileSync(path, 'utf8');
    content = parse(text);
  } catch (cause) {
    throw new ConfigError(
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const validate = ajv.compile<T>(schema);
  if (!validate(content)) {
    const faults = (validate.errors ?? []).map(
      (e) => `  ${e.instancePath.slice(1).replaceAll('/', '.') || '(file)'} ${e.message ?? 'is not valid'}`,
    );
    throw new ConfigError(`${path} is not valid:\n${faults.join('\n')}`);
  }
  return { content, version: hash('sha256', text, 'hex').slice(0, 12), text };
}
