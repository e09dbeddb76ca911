import { decisionIdOf } from '@fraud/contract';
import { sql, type Transaction } from 'kysely';
import type { ArtefactEntry, LabelEntry } from '../entry.js';
import type { Written } from '../store.js';

/** Lines of the spool by what they are; a decision is not taken apart here: the database does that. */
export interface SortedLines {
  readonly decisions: readonly string[];
  readonly labels: readonly LabelEntry[];
  readonly artefacts: readonly ArtefactEntry[];
  readonly unreadable: readonly string[];
}

const DECISION = '{"kind":"decision"';

export function sortLines(lines: readonly string[]): SortedLines {
  const decisions: string[] = [];
  const labels: LabelEntry[] = [];
  const artefacts: ArtefactEntry[] = [];
  const unreadable: string[] = [];
  for (const line of lines) {
    if (line.startsWith(DECISION)) {
      decisions.push(line);
      continue;
    }
    const entry = parse(line);
    if (entry?.kind === 'label') labels.push(entry);
    else if (entry?.kind === 'artefact') artefacts.push(entry);
    else unreadable.push(line);
  }
  return { decisions, labels, artefacts, unreadable };
}

function parse(line: string): LabelEntry | ArtefactEntry | null {
  try {
    return JSON.parse(line) as LabelEntry | ArtefactEntry;
  } catch {
    return null;
  }
}

const DECIDED_AT = '"decided_at":"';

/** When the decision of a line was made, ms since the epoch; NaN where that cannot be read. */
export function decidedAtOf(line: string): number {
  const at = line.lastIndexOf(DECIDED_AT) + DECIDED_AT.length;
  return Date.parse(line.slice(at, line.indexOf('"', at)));
}

/** What the database makes of the lines of decisions. */
const LINES = sql.raw(`
  select l.n, l.instance, l.sequence, l.door, l.content_hash, l.amount_reference, l.repeated, l.vector, l.contributions,
    l.transaction, l.decision,
    d.decision_id, d.decided_at, d.decision as outcome, d.source, d.score, d.degraded, d.versions->>'model' as model,
    t.occurred_at, t.card_id, t.merchant_id, t.terminal_id, t.device_id, t.ip
  from rows from (json_to_recordset($1::json) as (
    instance text, sequence bigint, door text, content_hash text, amount_reference double precision, repeated boolean,
    vector text, contributions text, transaction json, decision json
  )) with ordinality as l(instance, sequence, door, content_hash, amount_reference, repeated, vector, contributions, transaction, decision, n)
  cross join lateral json_to_record(l.decision) as d(
    decision_id uuid, decided_at timestamptz, decision text, source text, score double precision, degraded json, versions json
  )
  cross join lateral json_to_record(l.transaction) as t(
    occurred_at timestamptz, card_id text, merchant_id text, terminal_id text, device_id text, ip text
  )`);

/** Lines of a card that was erased after they were decided are not written. */
const NOT_ERASED = sql.raw(`(
  not exists (select from erasures) or not exists (
    select from erasures e where e.card_hash = encode(sha256(convert_to(l.card_id, 'UTF8')), 'hex') and e.at >= l.decided_at
  ))`);

/** @returns how many are new */
export async function writeDecisions(lines: readonly string[], trx: Transaction<unknown>): Promise<number> {
  const { rows } = await sql<{ inserted: number }>`
    with given as materialized (${withJson(lines)}),
    l as materialized (select distinct on (decision_id) * from given l where ${NOT_ERASED} order by decision_id, n),
    fresh as (
      insert into decision_ids (decision_id, content_hash, decided_at)
      select decision_id, content_hash, decided_at from l
      on conflict do nothing returning decision_id
    ),
    inserted as (
      insert into decisions (decided_at, sequence, decision_id, occurred_at, card_id, merchant_id, terminal_id, device_id, ip,
        outcome, source, score, degraded, model, amount_reference, door, instance, content_hash, repeated,
        vector, contributions, transaction, answer)
      select l.decided_at, l.sequence, l.decision_id, l.occurred_at, l.card_id, l.merchant_id, l.terminal_id, l.device_id, l.ip,
        l.outcome, l.source, l.score, l.degraded::text, l.model, l.amount_reference, l.door, l.instance, l.content_hash, l.repeated,
        decode(l.vector, 'base64'), decode(l.contributions, 'base64'), l.transaction::text, l.decision::text
      from l join fresh using (decision_id)
      returning decision_id
    ),
    awaited as (
      update label_states s set known = true from inserted i where not s.known and s.decision_id = i.decision_id
    )
    select count(*)::int as inserted from inserted`.execute(trx);
  return rows[0]!.inserted;
}

/** Of lines that were not new: what has other content than what is there is kept aside. @returns how many there are */
export async function keepConflicts(lines: readonly string[], trx: Transaction<unknown>): Promise<number> {
  const { rows } = await sql<{ conflicts: number }>`
    with l as materialized (${withJson(lines)}),
    other as (
      select l.* from l join decision_ids i using (decision_id)
      where i.content_hash <> l.content_hash and ${NOT_ERASED}
    ),
    kept as (
      insert into conflicts (decision_id, content_hash, card_id, decided_at, line)
      select l.decision_id, l.content_hash, l.card_id, l.decided_at,
        json_build_object('door', l.door, 'instance', l.instance, 'transaction', l.transaction, 'decision', l.decision)::text
      from other l
      on conflict do nothing
    )
    select count(*)::int as conflicts from other`.execute(trx);
  return rows[0]!.conflicts;
}

const withJson = (lines: readonly string[]) => {
  const json = `[${lines.join(',')}]`;
  const [before, after] = LINES_AROUND;
  return sql`${before}${json}${after}`;
};
const LINES_AROUND = LINES.toOperationNode()
  .sqlFragments[0]!.split('$1')
  .map((part) => sql.raw(part)) as [ReturnType<typeof sql.raw>, ReturnType<typeof sql.raw>];

export async function writeArtefacts(
  artefacts: readonly ArtefactEntry[],
  trx: Transaction<unknown>,
): Promise<void> {
  for (const { name, version, content } of artefacts) {
    await sql`insert into artefacts (name, version, content) values (${name}, ${version}, ${content})
      on conflict do nothing`.execute(trx);
  }
}

/** The latest label of a transaction is its state. @returns how many labels are new */
export async function writeLabels(labels: readonly LabelEntry[], trx: Transaction<unknown>): Promise<number> {
  if (labels.length === 0) return 0;
  const json = JSON.stringify(
    labels.map((label) => ({ ...label, decision_id: decisionIdOf(label.transaction_id) })),
  );
  const { rows } = await sql<{ decision_id: string }>`
    insert into labels (decision_id, transaction_id, fraud, source, labelled_at, received_at)
    select decision_id, transaction_id, fraud, source, labelled_at, received_at
    from json_to_recordset(${json}::json) as l(
      decision_id uuid, transaction_id text, fraud boolean, source text, labelled_at timestamptz, received_at timestamptz
    )
    on conflict do nothing returning decision_id::text`.execute(trx);
  const changed = JSON.stringify([...new Set(rows.map((row) => row.decision_id))]);
  await sql`
    insert into label_states (decision_id, fraud, labelled_at, first_fraud_at, known)
    select distinct on (l.decision_id) l.decision_id, l.fraud, l.labelled_at,
      (select min(f.labelled_at) from labels f where f.decision_id = l.decision_id and f.fraud),
      exists (select from decision_ids i where i.decision_id = l.decision_id)
    from labels l where l.decision_id in (select value::uuid from json_array_elements_text(${changed}::json))
    order by l.decision_id, l.labelled_at desc, l.received_at desc, l.id desc
    on conflict (decision_id) do update set fraud = excluded.fraud, labelled_at = excluded.labelled_at,
      first_fraud_at = excluded.first_fraud_at, known = excluded.known,
      -- A correction is applied at once, whoever is at the earlier one.
      claimed_until = '-infinity'`.execute(trx);
  return rows.length;
}

export const NOTHING_WRITTEN: Written = {
  decisions: 0,
  duplicates: 0,
  conflicts: 0,
  labels: 0,
  unreadable: [],
};
