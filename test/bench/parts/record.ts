import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import { Spool } from '@fraud/records';
import { DecisionLog } from '@fraud/scoring';
import { PARTS } from '../plan.js';
import type { PartCommand } from './protocol.js';
import { turnsFrom } from './rows.js';
import { serve } from './serve.js';

// What recording costs the event loop, alone: the lines of a turn and their one write to the spool. The text of an answer is made anyway.

const directory = mkdtempSync(join(tmpdir(), 'fraud-record-'));
process.on('exit', () => {
  rmSync(directory, { recursive: true });
});
const spool = new Spool({ directory, maxBytes: 2 ** 34 });
const log = new DecisionLog(
  {
    instance: 'bench',
    get full() {
      return spool.full;
    },
    append: (lines) => spool.append(lines),
    store: { answers: () => Promise.resolve([]) },
  },
  'http',
);

/** As long as the answer to a transaction that is not approved. */
const JSON_TEXT = `{"decision":"${'d'.repeat(880)}"}`;
let turns: CurrentTransaction[][] = [];

function prepare({ phase, firstTransaction, transactions }: PartCommand): void {
  turns = turnsFrom(firstTransaction, transactions, PARTS[phase].turn);
}

function run({ phase }: PartCommand): void {
  const { turn } = PARTS[phase];
  const values = new Float32Array(turn * VECTOR_LENGTH).fill(0.4321);
  const places = Array.from({ length: turn }, (_, i) => i);
  const vectors = {
    rows: places,
    values,
    repeated: places.map(() => false),
    saturated: new Uint8Array(turn),
  };
  const decided = places.map(() => ({ decision: {} as never, json: JSON_TEXT }));
  for (const rows of turns)
    if (!log.append(rows, vectors, values, decided)) throw new Error('the spool takes nothing');
}

serve((command) => (command.type === 'prepare' ? prepare(command) : run(command)));
