import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShadowComparison } from '@fraud/scoring';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ShadowLog } from './shadow-log.js';

let directory: string;
let lost: number;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'shadow-')), 'made');
  lost = 0;
});
afterEach(() => rm(join(directory, '..'), { recursive: true }));

const open = (fullBytes?: number): ShadowLog => new ShadowLog(directory, (rows) => (lost += rows), fullBytes);

const comparison = (id: string, shadowVersion = 'v2'): ShadowComparison => ({
  transactionId: id,
  decidedAt: '2026-01-05T00:00:00.000Z',
  version: 'v1',
  answered: 'approve',
  score: 0.25,
  shadowVersion,
  shadow: 'step_up',
  shadowScore: 0.5,
});

const linesOf = async (file: string): Promise<unknown[]> =>
  (await readFile(join(directory, file), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('the log of a shadow', () => {
  it('has one line for each transaction, by the version of the shadow, behind what was there', async () => {
    const log = open();
    log.add(comparison('tx-1'));
    log.add(comparison('tx-2', 'v3'));
    await log.flush();
    const later = open();
    later.add(comparison('tx-3'));
    await later.flush();
    expect(await linesOf('v2.ndjson')).toEqual([
      {
        transaction_id: 'tx-1',
        decided_at: '2026-01-05T00:00:00.000Z',
        model: 'v1',
        decision: 'approve',
        score: 0.25,
        shadow_model: 'v2',
        shadow_decision: 'step_up',
        shadow_score: 0.5,
      },
      expect.objectContaining({ transaction_id: 'tx-3' }),
    ]);
    expect(await linesOf('v3.ndjson')).toHaveLength(1);
    expect(lost).toBe(0);
  });

  it('is written by itself after a while', async () => {
    open().add(comparison('tx-1'));
    await vi.waitFor(async () => {
      expect(await linesOf('v2.ndjson')).toHaveLength(1);
    }, 4000);
  });

  it('keeps the newest lines in two files of a bounded size', async () => {
    const log = open(1000);
    for (let i = 0; i < 20; i++) {
      log.add(comparison(`tx-${i}`));
      await log.flush();
    }
    expect(await readdir(directory)).toEqual(['v2.before.ndjson', 'v2.ndjson']);
    const all = [...(await linesOf('v2.before.ndjson')), ...(await linesOf('v2.ndjson'))];
    const ids = all.map((line) => (line as { transaction_id: string }).transaction_id);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => `tx-${20 - ids.length + i}`));
    expect(ids.length).toBeGreaterThanOrEqual(4);
  });

  it('reports what could not be written, and goes on', async () => {
    await writeFile(directory, 'a file in its place');
    const log = open();
    log.add(comparison('tx-1'));
    log.add(comparison('tx-2'));
    await log.flush();
    expect(lost).toBe(2);
    await rm(directory);
    log.add(comparison('tx-3'));
    await log.flush();
    expect(await linesOf('v2.ndjson')).toHaveLength(1);
  });
});
