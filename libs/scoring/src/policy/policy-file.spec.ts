import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PolicyFile } from './policy-file.js';

const SHIPPED = await readFile('config/policy.yaml', 'utf8');
const declineAt = (threshold: number): string => SHIPPED.replace('  decline: 0.9', `  decline: ${threshold}`);

let directory: string;
let path: string;
let file: PolicyFile;
let declines: number[];
let refusals: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'policy-'));
  path = join(directory, 'policy.yaml');
  await writeFile(path, SHIPPED);
  declines = [];
  refusals = [];
  open();
});
afterEach(async () => {
  await file.close();
  await rm(directory, { recursive: true });
});

function open(): void {
  file = new PolicyFile(path);
  file.watch(
    ({ content }) => declines.push(content.thresholds.decline),
    ({ message }) => refusals.push(message),
    10,
  );
}

const untilDeclines = (...expected: number[]): Promise<void> =>
  vi.waitFor(() => {
    expect(declines).toEqual(expected);
  }, 5000);
const untilRefused = (...expected: RegExp[]): Promise<void> =>
  vi.waitFor(() => {
    expect(refusals).toEqual(expected.map((one) => expect.stringMatching(one) as string));
  }, 5000);

describe('policy.yaml', () => {
  it('comes into force when it is written over, under another version', async () => {
    const { version } = file.inForce;
    await writeFile(path, declineAt(0.95));
    await untilDeclines(0.95);
    expect(file.inForce.version).not.toBe(version);
    expect(file.refused).toBeNull();
  });

  it('comes into force when another file takes its name', async () => {
    await writeFile(join(directory, 'new'), declineAt(0.96));
    await rename(join(directory, 'new'), path);
    await untilDeclines(0.96);
    expect(file.inForce.content.thresholds.decline).toBe(0.96);
  });

  it('comes into force when a link to its directory leads elsewhere, as in a ConfigMap', async () => {
    await file.close();
    for (const [name, threshold] of [
      ['one', 0.91],
      ['two', 0.92],
    ] as const) {
      await mkdir(join(directory, name));
      await writeFile(join(directory, name, 'policy.yaml'), declineAt(threshold));
    }
    await symlink('one', join(directory, '..data'));
    path = join(directory, '..data', 'policy.yaml');
    open();
    expect(file.inForce.content.thresholds.decline).toBe(0.91);
    await symlink('two', join(directory, '..data_tmp'));
    await rename(join(directory, '..data_tmp'), join(directory, '..data'));
    await untilDeclines(0.92);
  });

  it.each([
    ['no YAML', 'thresholds: [', /cannot be read/],
    ['half a file', SHIPPED.slice(0, SHIPPED.indexOf('fail_action:')), /fail_action/],
    ['an unknown field', `${SHIPPED}\nthreshold: 1\n`, /must NOT have additional properties/],
    ['thresholds that fall', declineAt(0.1), /thresholds must not fall/],
    [
      'a bare approve on failure',
      SHIPPED.replace('fail_action: review', 'fail_action: approve'),
      /fail_action/,
    ],
    ['nothing', '', /\(file\)/],
  ])('that is %s changes nothing, is reported once, and what is valid follows', async (_, text, message) => {
    const { version } = file.inForce;
    await writeFile(path, text);
    await untilRefused(message);
    expect(file.inForce.version).toBe(version);
    expect(file.refused?.message).toMatch(message);
    await writeFile(path, declineAt(0.97));
    await untilDeclines(0.97);
    expect(file.refused).toBeNull();
    expect(refusals).toHaveLength(1);
  });

  it('that is gone changes nothing, and is followed again when it is back', async () => {
    await rm(path);
    await untilRefused(/ENOENT/);
    expect(file.inForce.content.thresholds.decline).toBe(0.9);
    await writeFile(path, SHIPPED);
    await vi.waitFor(() => {
      expect(file.refused).toBeNull();
    }, 5000);
    expect(declines).toEqual([]);
  });

  it('that is not valid at the start stops the start', async () => {
    await file.close();
    await writeFile(path, 'thresholds: 1');
    expect(() => new PolicyFile(path)).toThrow(/is not valid/);
  });
});
