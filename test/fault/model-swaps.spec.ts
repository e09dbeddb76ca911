import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { Load } from '../support/load.js';
import { writeModelVariant } from '../support/model-variant.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { post, sample } from '../support/transactions.js';

const SWAPS = 50;
/** First swaps, in which memory grows to its size. */
const WARM_UP = 15;
/** What 35 sessions that were not released would take many times over. */
const MOST_GROWTH_BYTES = 64 * 2 ** 20;

let models: string;
let api: ProductProcess | undefined;
const version = (n: number): string => `v${n + 1}`;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'swaps-'));
  for (let n = 0; n <= SWAPS; n++)
    await writeModelVariant(path.join(models, version(n)), version(n), n / 100);
  await writeModelVariant(models, version(0));
});
afterAll(() => rm(models, { recursive: true }));
afterEach(() => api?.stop());

const metricsOf = async ({ url }: ProductProcess): Promise<string> => (await fetch(`${url}/metrics`)).text();

/** After a while in which nothing is loaded, so that what is garbage is collected. */
async function memory(of: ProductProcess): Promise<number> {
  const seen: number[] = [];
  for (let i = 0; i < 5; i++) {
    await sleep(300);
    seen.push(sample(await metricsOf(of), 'process_resident_memory_bytes')!);
  }
  return Math.min(...seen);
}

describe('50 swaps under load', () => {
  it('answer everything by one of the models, in their order, and give the memory back', async () => {
    const server = await startApi({ MODEL_URI: models });
    api = server;
    const load = new Load(server);
    await load.whole();
    let grown = 0;
    for (let n = 1; n <= SWAPS; n++) {
      const response = await post(`${server.url}/v1/models/activate`, { version: version(n) });
      expect(response.status).toBe(200);
      await load.whole();
      if (n === WARM_UP) grown = await memory(server);
    }
    const after = await memory(server);
    await load.stop();

    expect(load.answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(load.answers.filter(({ decision }) => decision.degraded.includes('model_unavailable'))).toEqual(
      [],
    );
    const used = load.answers
      .toSorted((a, b) => a.decision.decided_at.localeCompare(b.decision.decided_at))
      .map(({ decision }) => Number(decision.versions.model.slice(1)));
    expect(used.every((one, i) => i === 0 || one >= used[i - 1]!)).toBe(true);
    expect(new Set(used).size).toBe(SWAPS + 1);
    expect(after - grown).toBeLessThan(MOST_GROWTH_BYTES);

    const latencies = load.answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const at = (share: number): string => latencies[Math.floor(latencies.length * share)]!.toFixed(1);
    process.stdout.write(
      `${load.answers.length} answers over ${SWAPS} swaps: p50 ${at(0.5)}, p99 ${at(0.99)}, slowest ${latencies.at(-1)!.toFixed(1)} ms; ` +
        `memory ${((after - grown) / 2 ** 20).toFixed(1)} MiB more after ${SWAPS - WARM_UP} of them\n`,
    );
  });
});
