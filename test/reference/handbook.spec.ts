import path from 'node:path';
import { describe, expect } from 'vitest';
import { parseTransaction, type Transaction } from '@fraud/contract';
import { loadConfig } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { openTraffic } from '@fraud/traffic';
import { numberOf, publishedFeatures } from '../support/handbook.js';
import { testWithSharedData } from '../support/shared-data.js';

const BATCH = 64;
/** Published features begin on 4 June; thirty days before that fill the windows. */
const FROM = '2018-05-04T00:00:00Z';
const COMPARE_FROM = '2018-06-04T00:00:00Z';
const UNTIL = '2018-06-09T00:00:00Z';
/** Rows of one customer in one second, whose order the file does not say, in the whole data set. */
const TIES = 20;

describe('on the Handbook data, which nobody here made', () => {
  testWithSharedData(
    'counts and mean amounts of a card over 1, 7 and 30 days equal the published ones',
    async (data) => {
      const published = await publishedFeatures(
        data,
        [1, 7, 30].flatMap((days) =>
          ['NB_TX', 'AVG_AMOUNT'].map((what) => `CUSTOMER_ID_${what}_${days}DAY_WINDOW`),
        ),
        60_000,
      );
      const replay = openFeatureReplay(loadConfig({}));
      const columns = ['24h', '7d', '30d'].flatMap((w) =>
        [`card_count_${w}`, `card_mean_${w}`].map((name) => replay.featureNames.indexOf(name)),
      );
      let compared = 0;
      let different = 0;
      const compare = async (batch: readonly Transaction[]): Promise<void> => {
        const vectors = await replay.vectors(batch);
        batch.forEach((t, i) => {
          const expected = published.get(numberOf(t.transaction_id));
          if (expected === undefined || t.occurred_at < COMPARE_FROM) return;
          compared++;
          // Means in the file are rounded by nobody, but summed in another order.
          const close = columns.every(
            (c, k) => Math.abs(vectors[i]![c]! - expected[k]!) <= 1e-5 * expected[k]!,
          );
          if (!close) different++;
        });
      };
      let batch: Transaction[] = [];
      const source = await openTraffic(path.join(data, 'handbook'));
      for await (const { transaction } of source.rows) {
        if (transaction.occurred_at < FROM) continue;
        if (transaction.occurred_at >= UNTIL) break;
        batch.push(transaction);
        if (batch.length === BATCH) {
          await compare(batch);
          batch = [];
        }
      }
      await compare(batch);
      expect(compared).toBeGreaterThan(40_000);
      expect(different).toBeLessThanOrEqual(TIES);
    },
    120_000,
  );

  testWithSharedData(
    'every row of the Sparkov excerpts is a valid transaction, without its card number',
    async (data) => {
      for (const name of ['fraudTrain_head.csv.gz', 'fraudTest_head.csv.gz']) {
        const source = await openTraffic(path.join(data, 'sparkov', name), { labels: true });
        let rows = 0;
        for await (const { transaction, label } of source.rows) {
          rows++;
          expect(parseTransaction(transaction).ok).toBe(true);
          expect(transaction.card_id).not.toMatch(/^\d+$/);
          expect(label).not.toBeNull();
        }
        expect(rows).toBeGreaterThan(1000);
      }
    },
  );
});
