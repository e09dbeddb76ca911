import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RecordsWriter, type Found } from '../support/records-writer.js';

/** The long form is 24: FRAUD_KILLS=24. */
const KILLS = Number(process.env['FRAUD_KILLS'] ?? 5);

it(`the embedded records have every batch that was taken, after ${KILLS} kills while they were opened and written`, async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'records-killed-'));
  const database = path.join(root, 'database');
  const taken = new Set<string>();
  const started: RecordsWriter[] = [];
  const start = (batches?: number): RecordsWriter => {
    const writer = RecordsWriter.start(database, batches);
    started.push(writer);
    return writer;
  };
  try {
    for (let n = 0; n < KILLS; n++) {
      const writer = start();
      // Some while they open: what they mend then is mended again by the next one.
      const whileOpening = n % 4 === 3;
      if (!whileOpening) {
        expectWhole(await writer.opened(), taken);
        await writer.wrote(1 + (n % 3));
      }
      // Anywhere in the next batch.
      await sleep(whileOpening ? 150 + 60 * n : (7 * n) % 40);
      for (const batch of await writer.kill()) taken.add(batch);
    }
    const last = start(3);
    expectWhole(await last.opened(), taken);
    expect(taken.size).toBeGreaterThanOrEqual(KILLS);
    expect(await last.end()).toHaveLength(3);
  } finally {
    await Promise.all(started.map((writer) => writer.kill()));
    await rm(root, { recursive: true });
  }
});

function expectWhole({ whole, torn, labelled }: Found, taken: ReadonlySet<string>): void {
  expect(torn).toBe(0);
  expect(labelled).toBe(whole.length);
  expect(whole).toEqual(expect.arrayContaining([...taken]));
}
