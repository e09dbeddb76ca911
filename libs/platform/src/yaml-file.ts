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
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return parseYaml(text, path, schema);
}

/**
 * Validates the text of a YAML file that was read elsewhere.
 * @param name what errors call it
 * @throws ConfigError that names each wrong field and what was expected
 */
export function parseYaml<T>(text: string, name: string, schema: Schema): YamlFile<T> {
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw unreadable(name, cause);
  }
  const validate = ajv.compile<T>(schema);
  if (!validate(content)) {
    const faults = (validate.errors ?? []).map(
      (e) => `  ${e.instancePath.slice(1).replaceAll('/', '.') || '(file)'} ${e.message ?? 'is not valid'}`,
    );
    throw new ConfigError(`${name} is not valid:\n${faults.join('\n')}`);
  }
  return { content, version: hash('sha256', text, 'hex').slice(0, 12), text };
}

const unreadable = (name: string, cause: unknown): ConfigError =>
  new ConfigError(`${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
