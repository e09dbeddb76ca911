import {
  MemoryFeatureStore,
  Pseudonyms,
  type CurrentTransaction,
  type DecisionCommit,
  type StateOfRow,
} from '@fraud/features';
import { toReads, toVectors } from '@fraud/scoring';
import { PARTS } from '../plan.js';
import type { PartCommand } from './protocol.js';
import { commitOf, rowOf, turnsFrom } from './rows.js';
import { serve } from './serve.js';

// The features alone, in a process of its own: vectors of given histories, and the way of a replay through the embedded
// store. Transactions are validated before the measure; nothing is decided.

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 0, 1);
/** The events of a card are spread over so much, within the longest of the usual windows. */
const SPAN_MS = 25 * 24 * HOUR_MS;
/** Different histories, so that no cache of the processor holds them all at once. */
const HISTORIES = 500;

interface Known {
  readonly rows: readonly CurrentTransaction[];
  readonly states: readonly StateOfRow[];
}

const pseudonyms = new Pseudonyms('benchmark');
const replayed = embedded();
const OPEN = [null];
let turns: CurrentTransaction[][] = [];
let known: Known[] = [];

function embedded(): MemoryFeatureStore {
  return new MemoryFeatureStore({ decisionTtlMs: HOUR_MS, maxDecisions: 100_000 });
}

/** What the store knows of a card's next transaction, after so many at one merchant's till, from one device and address. */
async function historyOf(store: MemoryFeatureStore, card: number, events: number): Promise<Known> {
  for (let i = 0; ; i++) {
    const row = rowOf({
      transaction_id: `history-${card}-${i}`,
      occurred_at: new Date(START + (i * SPAN_MS) / events).toISOString(),
      amount: 1_000 + ((i * 7_919) % 9_000),
      currency: 'EUR',
      card_id: `card-${card}`,
      merchant_id: `merchant-${i % 7}`,
      terminal_id: `terminal-${i % 7}`,
      device_id: `device-${card}`,
      ip: `10.0.${card >> 8}.${card & 255}`,
      country: 'FR',
      latitude: 48.8 + (i % 10) / 100,
      longitude: 2.3,
      channel: 'ecommerce',
    });
    const { states } = await store.exchange(toReads([row], pseudonyms), [commitOf(row)]);
    if (i === events) return { rows: [row], states };
  }
}

async function prepare({ phase, firstTransaction, transactions }: PartCommand): Promise<void> {
  const { turn, history } = PARTS[phase];
  turns = history === null ? turnsFrom(firstTransaction, transactions, turn) : [];
  known = [];
  if (history === null) return;
  const store = embedded();
  for (let card = 0; card < HISTORIES; card++) known.push(await historyOf(store, card, history));
}

/** As a replay does it: what is known is read and appended, then counted with the exchange of the next turn. */
async function replay(): Promise<void> {
  let commits: readonly DecisionCommit[] = [];
  for (const rows of turns) {
    const { states } = await replayed.exchange(toReads(rows, pseudonyms), commits);
    toVectors(
      rows,
      states,
      rows.map(() => null),
    );
    commits = rows.map(commitOf);
  }
}

serve(async (command) => {
  if (command.type === 'prepare') return prepare(command);
  if (PARTS[command.phase].history === null) return replay();
  for (let i = 0; i < command.transactions; i++) {
    const { rows, states } = known[i % HISTORIES]!;
    toVectors(rows, states, OPEN);
  }
});
