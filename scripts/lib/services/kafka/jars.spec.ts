import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { jarsOfHome } from './jars.mjs';

describe('the Kafka that KAFKA_HOME names', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'kafka-home-'));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('is used where it is there, and not looked for where nothing is named', () => {
    mkdirSync(path.join(home, 'libs'), { recursive: true });
    writeFileSync(path.join(home, 'libs/kafka-clients-4.1.0.jar'), '');
    expect(jarsOfHome(home)).toBe(path.join(home, 'libs'));
    expect(jarsOfHome(undefined)).toBeUndefined();
    expect(jarsOfHome('')).toBeUndefined();
  });

  it('is a failure, never passed over, where it is none or too old', () => {
    expect(() => jarsOfHome(home)).toThrow('KAFKA_HOME names no Kafka 4');
    mkdirSync(path.join(home, 'libs'), { recursive: true });
    writeFileSync(path.join(home, 'libs/kafka-clients-3.9.1.jar'), '');
    expect(() => jarsOfHome(home)).toThrow('KAFKA_HOME names no Kafka 4');
  });
});
