import { expect, inject, it } from 'vitest';
import type { ParsedTransaction } from '@fraud/contract';
import { loadConfig } from '@fraud/platform';
import { Engine, type Result } from '@fraud/scoring';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction } from '../support/transactions.js';

const bytes = (result: Result): string =>
  JSON.stringify(result.kind === 'decided' ? result.decision : result);

it('processes that decide the same transactions at the same moment publish the same bytes', async () => {
  const config = loadConfig({ REDIS_URL: await emptyDatabase(inject('redisUrl'), 5) });
  const limits = { storeTimeoutMs: 5000, budgetMs: Infinity };
  const engines = await Promise.all([1, 2, 3].map(() => Engine.open(config, limits)));
  try {
    let disagreements = 0;
    for (let round = 0; round < 30; round++) {
      const transactions = Array.from({ length: 40 }, (_, i) => aTransaction({ card_id: `card-${i % 8}` }));
      const answers = await Promise.all(
        engines.map((engine) =>
          engine.scoreSettled(transactions.map((t) => engine.parse(t) as ParsedTransaction)),
        ),
      );
      const [first, second, third] = answers.map((results) => results.map(bytes));
      expect(second).toEqual(first);
      expect(third).toEqual(first);
      // Some must have been won by another process, or nothing was shown.
      disagreements += answers.flat().filter((r) => r.kind === 'decided' && r.replayed).length;
    }
    expect(disagreements).toBeGreaterThan(0);
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
});

it('an id that another process decided with other content meanwhile is a conflict, not a second answer', async () => {
  const config = loadConfig({ REDIS_URL: await emptyDatabase(inject('redisUrl'), 6) });
  const [one, two] = await Promise.all([Engine.open(config), Engine.open(config)]);
  try {
    for (let round = 0; round < 50; round++) {
      const t = aTransaction();
      const settle = (engine: Engine, amount: number): Promise<Result[]> =>
        engine.scoreSettled([engine.parse({ ...t, amount }) as ParsedTransaction]);
      const [a, b] = await Promise.all([settle(one, 1), settle(two, 2)]);
      expect(new Set([a[0]?.kind, b[0]?.kind])).toEqual(new Set(['decided', 'refused']));
    }
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});
