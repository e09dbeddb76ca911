import { sql, type Transaction } from 'kysely';
import type { ArtefactEntry, DecisionEntry, LabelEntry, LateEntry, SpoolEntry } from '../entry.js';
import type { Written } from '../store.js';
import { isDecisionId } from './decision-id.js';
import { weekOf } from './partitions.js';
import { erasedSince, settleAlone, settleDecisions, settleTogether, type Settled } from './settle.js';
import { stateLabels, writeLabels } from './write-labels.js';

/** Lines of the spool by what they are; a decision is not taken apart here: the database does that. */
export interface SortedLines {
  readonly decisions: readonly string[];
  readonly labels: readonly LabelEntry[];
  readonly artefacts: readonly ArtefactEntry[];
  /** Decisions that the feature store took into its histories after all. */
  readonly late: readonly LateAppend[];
  readonly unreadable: readonly string[];
  /** Of the decisions. */
  readonly weeks: ReadonlySet<number>;
}

const DECISION = '{"kind":"decision"';
/** Of the answer; where a caller's text has it, too, nothing is kept for that. */
const BYPASSED = '"source":"bypass"';
const END_MS = Date.UTC(2100, 0, 1);

export function sortLines(lines: readonly string[]): SortedLines {
  const decisions: string[] = [];
  const labels: LabelEntry[] = [];
  const artefacts: ArtefactEntry[] = [];
  const late: LateAppend[] = [];
  const unreadable: string[] = [];
  const weeks = new Set<number>();
  for (const line of lines) {
    if (line.startsWith(DECISION)) {
      const at = decidedAtOf(line);
      if (at >= 0 && at < END_MS) {
        decisions.push(line);
        weeks.add(weekOf(at));
      } else unreadable.push(line);
      continue;
    }
    const entry = parse(line);
    if (entry?.kind === 'label' && typeof entry.transaction_id === 'string') labels.push(entry);
    else if (entry?.kind === 'artefact') artefacts.push(entry);
    else if (entry?.kind === 'late' && Array.isArray(entry.decision_ids))
      late.push(...entry.decision_ids.filter(isDecisionId).map((id) => ({ id, at: momentOf(entry) })));
    else unreadable.push(line);
  }
  return { decisions, labels, artefacts, late, unreadable, weeks };
}

type Other = Exclude<SpoolEntry, DecisionEntry>;

function parse(line: string): Other | null {
  try {
    return JSON.parse(line) as Other;
  } catch {
    return null;
  }
}

/** One decision that came to the histories; null: when it was made. */
interface LateAppend {
  readonly id: string;
  readonly at: string | null;
}

const momentOf = ({ appended_at: at }: LateEntry): string | null =>
  typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : null;

const DECIDED_AT = '"decided_at":"';

/** When the decision of a line was made, ms since the epoch; NaN where that cannot be read. */
function decidedAtOf(line: string): number {
  const at = line.lastIndexOf(DECIDED_AT) + DECIDED_AT.length;
  return Date.parse(line.slice(at, line.indexOf('"', at)));
}

/** RFC 3339 has offsets up to 23:59; Postgres takes a timestamp with less than 16:00, but an interval of any. */
const OCCURRED_AT = `case
  when substr(t.occurred_at, length(t.occurred_at) - 5, 1) in ('+', '-') and substr(t.occurred_at, length(t.occurred_at) - 4, 2) >= '16'
  then (left(t.occurred_at, -6)::timestamp at time zone 'UTC') - right(t.occurred_at, 6)::interval
  else t.occurred_at::timestamptz end`;

/** What the database makes of the lines of decisions. */
const LINES = sql.raw(`
  select l.n, l.instance, l.sequence, l.door, l.content_hash, l.amount_reference, l.repeated, l.vector, l.contributions,
    l.transaction, l.decision,
    d.decision_id, d.decided_at, d.decision as outcome, d.source, d.score, d.degraded, d.versions->>'model' as model,
    ${OCCURRED_AT} as occurred_at, t.card_id, t.merchant_id, t.terminal_id, t.device_id, t.ip
  from rows from (json_to_recordset($1::json) as (
    instance text, sequence bigint, door text, content_hash text, amount_reference double precision, repeated boolean,
    vector text, contributions text, transaction json, decision json
  )) with ordinality as l(instance, sequence, door, content_hash, amount_reference, repeated, vector, contributions, transaction, decision, n)
  cross join lateral json_to_record(l.decision) as d(
    decision_id uuid, decided_at timestamptz, decision text, source text, score double precision, degraded json, versions json
  )
  cross join lateral json_to_record(l.transaction) as t(
    occurred_at text, card_id text, merchant_id text, terminal_id text, device_id text, ip text
  )`);

/** Writes lines in a transaction, in which all are written or none. */
export async function writeLines(lines: SortedLines, trx: Transaction<unknown>): Promise<Written> {
  const { decisions, labels, artefacts, late, unreadable } = lines;
  await writeArtefacts(artefacts, trx);
  const fresh = decisions.length === 0 ? NOTHING_FRESH : await writeDecisions(decisions, trx);
  const known = decisions.length - fresh.decisions;
  const written = labels.length === 0 ? null : await writeLabels(labels, trx);
  await (written === null ? settleTogether(trx) : settleAlone(trx));
  const settled = fresh.decisions === 0 ? NOTHING_SETTLED : await settleDecisions(fresh.ids, trx);
  if (decisions.some((line) => line.includes(BYPASSED))) await keepBypassed(decisions, trx);
  if (late.length > 0) await noteLate(late, trx);
  const conflicts = known === 0 ? 0 : await keepConflicts(decisions, trx);
  const stated = written === null ? [] : await stateLabels(written.about, trx);
  return {
    decisions: fresh.decisions - settled.erased,
    duplicates: known - conflicts,
    conflicts,
    labels: written?.labels ?? 0,
    labelled: [...settled.labelled, ...stated],
    unreadable,
  };
}

/** New decisions: how many, and which, as an array of Postgres. */
interface Fresh {
  readonly decisions: number;
  readonly ids: string;
}

const NOTHING_FRESH: Fresh = { decisions: 0, ids: '{}' };
const NOTHING_SETTLED: Settled = { erased: 0, labelled: [] };

async function writeDecisions(lines: readonly string[], trx: Transaction<unknown>): Promise<Fresh> {
  const { rows } = await sql<Fresh>`
    with given as materialized (${withJson(lines)}),
    l as materialized (select distinct on (decision_id) * from given order by decision_id, n),
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
    )
    select count(*)::int as decisions, coalesce(array_agg(decision_id)::text, '{}') as ids from inserted`.execute(
    trx,
  );
  return rows[0]!;
}

/** Everything that a bypass let through, by transaction and content; what is on its way here from an erased card is not. */
async function keepBypassed(lines: readonly string[], trx: Transaction<unknown>): Promise<void> {
  await sql`
    with given as materialized (${withJson(lines)}),
    l as materialized (
      select distinct on (decision_id, content_hash) * from given l
      where source = 'bypass' and not ${erasedSince('l')} order by decision_id, content_hash, n
    )
    insert into bypass_ledger (decision_id, content_hash, decided_at, card_id, amount_reference, door, instance, transaction, answer,
      decided_before)
    select l.decision_id, l.content_hash, l.decided_at, l.card_id, l.amount_reference, l.door, l.instance, l.transaction::text,
      l.decision::text, i.decided_at is distinct from l.decided_at
    from l left join decision_ids i using (decision_id)
    on conflict do nothing`.execute(trx);
}

/** Of a decision that is noted twice the earlier moment holds. */
async function noteLate(late: readonly LateAppend[], trx: Transaction<unknown>): Promise<void> {
  await sql`with l as materialized (
      select l.id, min(coalesce(l.at, i.decided_at)) as at, i.decided_at
      from json_to_recordset(${JSON.stringify(late)}::json) as l(id uuid, at timestamptz)
      join decision_ids i on i.decision_id = l.id group by l.id, i.decided_at order by l.id
    )
    update decisions d set appended_at = least(d.appended_at, l.at)
    from l where d.decided_at = l.decided_at and d.decision_id = l.id`.execute(trx);
}

/** Of lines that were not new: what has other content than what is there is kept aside. @returns how many there are */
async function keepConflicts(lines: readonly string[], trx: Transaction<unknown>): Promise<number> {
  const { rows } = await sql<{ conflicts: number }>`
    with l as materialized (${withJson(lines)}),
    other as (
      select l.* from l join decision_ids i using (decision_id)
      where i.content_hash <> l.content_hash and not ${erasedSince('l')}
    ),
    kept as (
      insert into conflicts (decision_id, content_hash, card_id, decided_at, line)
      select l.decision_id, l.content_hash, l.card_id, l.decided_at,
        json_build_object('door', l.door, 'instance', l.instance, 'transaction', l.transaction, 'decision', l.decision)::text
      from other l order by l.decision_id, l.content_hash
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

async function writeArtefacts(artefacts: readonly ArtefactEntry[], trx: Transaction<unknown>): Promise<void> {
  for (const { name, version, content } of artefacts) {
    await sql`insert into artefacts (name, version, content) values (${name}, ${version}, ${content})
      on conflict do nothing`.execute(trx);
  }
}
