// Opens records in a process of its own, says which batches it finds whole, and writes further ones until it is killed.
// Usage: node records-writer.mjs <dist> <database: postgres://… or a directory> [batches]
// Prints a line of JSON for what it found, then the number of each batch that was taken, then `end`.
import { writeSync } from 'node:fs';
import { join } from 'node:path';

const [dist, database, batches = 'Infinity'] = process.argv.slice(2);
const { openDatabase } = await import(join(dist, 'libs/records/src/index.js'));
const { decisionIdOf } = await import(join(dist, 'libs/contract/src/index.js'));
const ROWS = 40;
/** Takes the rows over the size that is compressed and moved out of line. */
const VECTOR = Buffer.alloc(600, 7).toString('base64');

const say = (text) => writeSync(1, `${text}\n`);
const address = database.includes('://') ? { url: database } : { directory: database };
const store = await openDatabase(address, { retentionDays: 36_500 });

const found = new Map();
for (let cursor; cursor !== null;) {
  const page = await store.page({ order: 'oldest', limit: 500, ...(cursor === undefined ? {} : { cursor }) });
  for (const { transaction, decision } of page.records) {
    const batch = transaction.metadata.batch;
    if (decision.decision_id !== decisionIdOf(transaction.transaction_id))
      throw new Error('a record that is not itself');
    found.set(batch, (found.get(batch) ?? 0) + 1);
  }
  cursor = page.next;
}
const whole = [...found].filter(([, rows]) => rows === ROWS).map(([batch]) => batch);
const labelled = await store.labels(whole.map((batch) => `${batch}-0`));
say(JSON.stringify({ whole, torn: found.size - whole.length, labelled: labelled.length }));

for (let n = 0; n < Number(batches); n++) {
  const batch = `${process.pid}-${n}`;
  const written = await store.write(linesOf(batch));
  if (written.decisions !== ROWS || written.labels !== 1) throw new Error(JSON.stringify(written));
  say(batch);
}
await store.close();
say('end');

function linesOf(batch) {
  const decided_at = new Date().toISOString();
  const decisions = Array.from({ length: ROWS }, (_, i) => {
    const transaction_id = `${batch}-${i}`;
    return {
      kind: 'decision',
      instance: String(process.pid),
      sequence: i,
      door: 'http',
      content_hash: 'AAAAAAAAAAAAAAAA',
      amount_reference: 1,
      repeated: false,
      vector: VECTOR,
      contributions: VECTOR,
      transaction: {
        transaction_id,
        occurred_at: decided_at,
        amount: 1,
        currency: 'EUR',
        card_id: `card-${i}`,
        merchant_id: 'merchant',
        metadata: { batch, filling: String(Math.random()).repeat(60) },
      },
      decision: {
        decision_id: decisionIdOf(transaction_id),
        transaction_id,
        decision: 'approve',
        source: 'model',
        degraded: [],
        reasons: [],
        versions: { model: 'v1' },
        decided_at,
      },
    };
  });
  const label = {
    kind: 'label',
    transaction_id: `${batch}-0`,
    fraud: true,
    source: 'review',
    labelled_at: decided_at,
    received_at: decided_at,
  };
  return [...decisions, label].map((entry) => JSON.stringify(entry));
}
