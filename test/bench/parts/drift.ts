import { setImmediate as immediate } from 'node:timers/promises';
import type { Decision } from '@fraud/contract';
import { CATALOGUE_VERSION, FEATURE_NAMES, VECTOR_LENGTH } from '@fraud/features';
import { loadModel, ServedModel, type Serving } from '@fraud/model';
import { DriftWatch } from '@fraud/scoring';
import { PARTS } from '../plan.js';
import type { PartCommand } from './protocol.js';
import { serve } from './serve.js';
import { VectorsOfHistories } from './vectors-of-histories.js';

// What watching for drift costs the event loop, alone: the rows of a turn that were scored are taken, and counted behind the answers.

const ROWS = 4_096;
/** So many transactions are counted in one go, as under load. */
const BEHIND = 64;

const model = await loadModel('models', undefined, { version: CATALOGUE_VERSION, features: FEATURE_NAMES });
const active = new ServedModel('v1', model, new Date());
const serving: Serving = { active, candidate: null, shadow: null };
const watch = new DriftWatch(() => serving);
const histories = new VectorsOfHistories();
let turns: Parameters<DriftWatch['offer']>[] = [];

async function prepare({ phase, firstTransaction }: PartCommand): Promise<void> {
  const { turn } = PARTS[phase];
  const { rows, values } = await histories.next(firstTransaction, ROWS);
  const places = Array.from({ length: turn }, (_, i) => i);
  const decided = places.map(() => ({ degraded: [] as readonly string[] }) as Decision);
  turns = Array.from({ length: ROWS / turn }, (_, t) => [
    rows.slice(t * turn, (t + 1) * turn),
    {
      rows: places,
      values: values.subarray(t * turn * VECTOR_LENGTH, (t + 1) * turn * VECTOR_LENGTH),
      repeated: places.map(() => false),
      saturated: new Uint8Array(turn),
    },
    {
      scores: {
        scores: Float32Array.from(places, (place) => ((t * turn + place) % 997) / 997),
        contributions: new Float32Array(),
      },
      active,
      rollout: null,
      outOfTime: false,
    },
    decided,
  ]);
}

async function run({ phase, transactions }: PartCommand): Promise<void> {
  const { turn } = PARTS[phase];
  for (let done = 0; done < transactions; done += turn) {
    watch.offer(...turns[(done / turn) % turns.length]!);
    if (done % BEHIND === 0) await immediate();
  }
}

serve((command) => (command.type === 'prepare' ? prepare(command) : run(command)));
