import { decisionIdOf } from '@fraud/contract';
import { sql, type Kysely } from 'kysely';
import {
  NOTHING_WRITTEN,
  RecordsUnavailable,
  type AppliedLabel,
  type BypassPage,
  type BypassQuery,
  type Erased,
  type Erasure,
  type LabelRecord,
  type PendingLabel,
  type QualityData,
  type RecordedAnswer,
  type RecordsPage,
  type RecordsQuery,
  type RecordsStore,
  type ScoreData,
  type ScoreRange,
  type Written,
} from '../store.js';
import type { DecisionRecord } from '../entry.js';
import { erase, readErasures } from './erase.js';
import { isDecisionId } from './decision-id.js';
import { Partitions } from './partitions.js';
import { RFC3339 } from './rfc3339.js';
import { readHistory, readPage, readRecord } from './read-records.js';
import { noteApplied } from './note-applied.js';
import { readBypassed } from './read-bypassed.js';
import { qualityData } from './quality-data.js';
import { scoreData } from './score-data.js';
import { sortLines, writeLines } from './write-lines.js';

const ATTEMPTS = 3;
/** Of SQLSTATE: a deadlock; and a row without a partition, which another process has dropped. */
const AGAIN = new Set(['40P01', '23514']);

/** The records in a database, Postgres or the embedded one. */
export class SqlRecords implements RecordsStore {
  private readonly partitions: Partitions;

  constructor(
    private readonly db: Kysely<unknown>,
    retentionDays: number | null,
  ) {
    this.partitions = new Partitions(db, retentionDays);
  }

  write(lines: readonly string[]): Promise<Written> {
    return guarded(async () => {
      if (lines.length === 0) return NOTHING_WRITTEN;
      const sorted = sortLines(lines);
      for (let attempt = 1; ; attempt++) {
        await this.partitions.ensure(sorted.weeks);
        try {
          return await this.db.transaction().execute((trx) => writeLines(sorted, trx));
        } catch (cause) {
          const code = String((cause as { code?: unknown }).code);
          if (attempt === ATTEMPTS || !AGAIN.has(code)) throw cause;
          this.partitions.doubt();
        }
      }
    });
  }

  answers(decisionIds: readonly string[]): Promise<readonly (RecordedAnswer | null)[]> {
    return guarded(async () => {
      const { rows } = await sql<{ id: string; content_hash: string; answer: string }>`
        select i.decision_id::text as id, d.content_hash, d.answer
        from json_array_elements_text(${JSON.stringify(decisionIds.filter(isDecisionId))}::json) wanted
        join decision_ids i on i.decision_id = wanted.value::uuid
        join decisions d on d.decided_at = i.decided_at and d.decision_id = i.decision_id`.execute(this.db);
      const found = new Map(rows.map((r) => [r.id, { contentHash: r.content_hash, answer: r.answer }]));
      return decisionIds.map((id) => found.get(id) ?? null);
    });
  }

  get(decisionId: string): Promise<DecisionRecord | null> {
    return guarded(() => readRecord(this.db, decisionId));
  }

  page(query: RecordsQuery): Promise<RecordsPage> {
    return guarded(() => readPage(this.db, query));
  }

  history(decisionId: string, withinMs: number, limit: number, cursor?: string): Promise<RecordsPage> {
    return guarded(() => readHistory(this.db, decisionId, withinMs, limit, cursor));
  }

  artefact(name: string, version: string): Promise<string | null> {
    return guarded(async () => {
      const { rows } = await sql<{ content: string }>`
        select content from artefacts where name = ${name} and version = ${version}`.execute(this.db);
      return rows[0]?.content ?? null;
    });
  }

  bypassed(query: BypassQuery): Promise<BypassPage> {
    return guarded(() => readBypassed(this.db, query));
  }

  labels(transactionIds: readonly string[]): Promise<readonly LabelRecord[]> {
    return guarded(async () => {
      const ids = JSON.stringify(transactionIds.map(decisionIdOf));
      const { rows } = await sql<LabelRecord & { applied_at: string | null }>`
        select l.transaction_id, l.fraud, l.source,
          to_char(l.labelled_at at time zone 'UTC', ${sql.lit(RFC3339)}) as labelled_at,
          to_char(l.received_at at time zone 'UTC', ${sql.lit(RFC3339)}) as received_at,
          to_char(l.applied_at at time zone 'UTC', ${sql.lit(RFC3339)}) as applied_at
        from labels l
        where l.decision_id in (select value::uuid from json_array_elements_text(${ids}::json))
        order by l.transaction_id, l.labelled_at, l.received_at, l.id`.execute(this.db);
      return rows.map(({ applied_at, ...label }) => (applied_at === null ? label : { ...label, applied_at }));
    });
  }

  quality(fromMs: number, toMs: number): Promise<QualityData> {
    return guarded(() => qualityData(this.db, fromMs, toMs));
  }

  scores(range: ScoreRange): Promise<ScoreData> {
    return guarded(() => scoreData(this.db, range));
  }

  claimLabels(limit: number, leaseMs: number): Promise<readonly PendingLabel[]> {
    return guarded(async () => {
      const { rows } = await sql<{ decision_id: string; fraud: boolean; transaction: string }>`
        with claimed as (
          update label_states set claimed_until = now() + ${leaseMs / 1000} * interval '1 second'
          where decision_id in (
            select decision_id from label_states
            where known and applied <> fraud and claimed_until < now() limit ${limit} for update skip locked)
          returning decision_id, fraud
        )
        select c.decision_id::text, c.fraud, d.transaction from claimed c
        join decision_ids i using (decision_id)
        join decisions d on d.decided_at = i.decided_at and d.decision_id = c.decision_id`.execute(this.db);
      return rows.map((row) => ({
        decisionId: row.decision_id,
        fraud: row.fraud,
        transaction: JSON.parse(row.transaction) as PendingLabel['transaction'],
      }));
    });
  }

  labelsApplied(applied: readonly AppliedLabel[]): Promise<void> {
    return guarded(() => this.db.transaction().execute((trx) => noteApplied(applied, trx)));
  }

  erase(cardId: string, by: string, reason: string): Promise<Erased> {
    return guarded(() => erase(this.db, cardId, by, reason));
  }

  erasures(limit: number): Promise<readonly Erasure[]> {
    return guarded(() => readErasures(this.db, limit));
  }

  retain(nowMs: number): Promise<readonly string[]> {
    return guarded(() => this.partitions.retain(nowMs));
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }
}

/** Every failure but one of the data is one of the database. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RangeError || /^2[23]/.test(String((cause as { code?: unknown }).code))) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RecordsUnavailable(message === '' ? 'the database cannot be reached' : message, { cause });
  }
}
