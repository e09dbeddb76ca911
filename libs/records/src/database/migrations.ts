import { sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/**
 * Schema of the records. `decision_ids` makes an id one of its kind over all partitions; `decisions` has the rest, by the week in which it was
 * decided, so that what is old is dropped and not deleted.
 */
const begin: Migration = {
  up: async (db) => {
    for (const statement of BEGIN) await sql.raw(statement).execute(db);
  },
};

const BEGIN = [
  `create table decision_ids (
    decision_id uuid primary key,
    content_hash text not null,
    decided_at timestamptz not null
  )`,
  `create table decisions (
    decided_at timestamptz not null,
    sequence bigint not null,
    decision_id uuid not null,
    occurred_at timestamptz not null,
    card_id text not null,
    merchant_id text not null,
    terminal_id text,
    device_id text,
    ip text,
    outcome text not null,
    source text not null,
    score double precision,
    degraded text not null,
    model text not null,
    amount_reference double precision,
    door text not null,
    instance text not null,
    content_hash text not null,
    repeated boolean not null,
    vector bytea not null,
    contributions bytea,
    transaction text not null,
    answer text not null,
    primary key (decided_at, sequence, decision_id)
  ) partition by range (decided_at)`,
  'create index decisions_card on decisions (card_id, decided_at)',
  'create index decisions_merchant on decisions (merchant_id, decided_at)',
  'create index decisions_terminal on decisions (terminal_id, decided_at) where terminal_id is not null',
  'create index decisions_device on decisions (device_id, decided_at) where device_id is not null',
  'create index decisions_ip on decisions (ip, decided_at) where ip is not null',
  `create table conflicts (
    decision_id uuid not null,
    content_hash text not null,
    card_id text not null,
    decided_at timestamptz not null,
    line text not null,
    primary key (decision_id, content_hash)
  )`,
  'create index conflicts_card on conflicts (card_id)',
  `create table artefacts (
    name text not null,
    version text not null,
    content text not null,
    primary key (name, version)
  )`,
  `create table labels (
    id bigint generated always as identity primary key,
    decision_id uuid not null,
    transaction_id text not null,
    fraud boolean not null,
    source text not null,
    labelled_at timestamptz not null,
    received_at timestamptz not null,
    unique (decision_id, labelled_at, source, fraud)
  )`,
  `create table label_states (
    decision_id uuid primary key,
    fraud boolean not null,
    labelled_at timestamptz not null,
    first_fraud_at timestamptz,
    known boolean not null,
    applied boolean not null default false,
    claimed_until timestamptz not null default '-infinity'
  )`,
  'create index label_states_pending on label_states (claimed_until) where known and applied <> fraud',
  'create index label_states_unknown on label_states (decision_id) where not known',
  `create table erasures (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    card_hash text not null,
    asked_by text not null,
    reason text not null,
    decisions integer not null,
    labels integer not null
  )`,
  'create index erasures_card on erasures (card_hash)',
];

/** Which decisions the feature store knows, though they were made without it. */
const appendedLate: Migration = {
  up: async (db) => {
    await sql
      .raw('alter table decisions add column appended_late boolean not null default false')
      .execute(db);
  },
};

/** What bypasses let through, also where the transaction had been decided before. */
const bypassLedger: Migration = {
  up: async (db) => {
    for (const statement of BYPASS_LEDGER) await sql.raw(statement).execute(db);
  },
};

const BYPASS_LEDGER = [
  `create table bypass_ledger (
    decision_id uuid not null,
    content_hash text not null,
    decided_at timestamptz not null,
    card_id text not null,
    amount_reference double precision,
    door text not null,
    instance text not null,
    transaction text not null,
    answer text not null,
    decided_before boolean not null,
    primary key (decision_id, content_hash)
  )`,
  'create index bypass_ledger_moment on bypass_ledger (decided_at, decision_id, content_hash)',
  'create index bypass_ledger_card on bypass_ledger (card_id)',
];

/** When the feature store took what was decided without it: decisions in between did not see it. */
const appendedAt: Migration = {
  up: async (db) => {
    await sql.raw('alter table decisions add column appended_at timestamptz').execute(db);
    await sql.raw('update decisions set appended_at = decided_at where appended_late').execute(db);
    await sql.raw('alter table decisions drop column appended_late').execute(db);
  },
};

/** When features were told of a label: whoever repeats decisions has to know. Of those before it is as good as when they came in. */
const labelsApplied: Migration = {
  up: async (db) => {
    await sql.raw('alter table labels add column applied_at timestamptz').execute(db);
    await sql.raw('update labels set applied_at = received_at').execute(db);
  },
};

/** In their order; one that was released is never changed. */
export const migrations: MigrationProvider = {
  getMigrations: () =>
    Promise.resolve({
      '2026-11-25-begin': begin,
      '2026-11-26-appended-late': appendedLate,
      '2026-11-26-bypass-ledger': bypassLedger,
      '2026-11-26-labels-applied': labelsApplied,
      '2026-11-26-moment-of-late-appends': appendedAt,
    }),
};
