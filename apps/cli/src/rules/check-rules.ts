import type { Config } from '@fraud/platform';
import type { DecisionRecord, RecordsReader } from '@fraud/records';
import { readPolicy, readRulesFile, RulesTrial, type Tried } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';

/** As many as labels are asked for at once. */
const PAGE = 500;

/**
 * Asks the rules of a file about the decisions that were recorded in a period.
 * @param show told how many were read
 * @throws ConfigError where the rules are not valid; UserError where the records cannot be read
 */
export async function checkRules(
  config: Config,
  file: string,
  fromMs: number,
  toMs: number,
  show: (rows: number) => void,
): Promise<Tried> {
  const trial = new RulesTrial(readRulesFile(file), readPolicy(config.POLICY_FILE).content);
  const records = await openRecords(config);
  let rows = 0;
  try {
    for await (const page of pages(records.reader, fromMs, toMs)) {
      const known = await fraudsAmong(page, records.reader);
      for (const record of page) trial.add(record, known.get(record.transaction.transaction_id) ?? null);
      rows += page.length;
      show(rows);
    }
  } finally {
    await records.close();
  }
  return trial.result;
}

async function* pages(
  reader: RecordsReader,
  fromMs: number,
  toMs: number,
): AsyncGenerator<readonly DecisionRecord[]> {
  let cursor: string | undefined;
  do {
    const query = { fromMs, toMs, order: 'oldest' as const, limit: PAGE };
    const page = await reader.page(cursor === undefined ? query : { ...query, cursor });
    yield page.records;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

async function fraudsAmong(
  page: readonly DecisionRecord[],
  reader: RecordsReader,
): Promise<ReadonlyMap<string, boolean>> {
  const labels = await reader.labels(page.map(({ transaction }) => transaction.transaction_id));
  return new Map(labels.map(({ transaction_id, fraud }) => [transaction_id, fraud]));
}
