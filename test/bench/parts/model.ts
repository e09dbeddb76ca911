import {
  CATALOGUE_VERSION,
  FEATURE_NAMES,
  MemoryFeatureStore,
  Pseudonyms,
  VECTOR_LENGTH,
} from '@fraud/features';
import { loadModel } from '@fraud/model';
import { readYamlFile } from '@fraud/platform';
import { outcomeOf, POLICY_SCHEMA, type Policy } from '@fraud/policy';
import { reasonsOf, toReads, toVectors } from '@fraud/scoring';
import { PARTS } from '../plan.js';
import type { PartCommand } from './protocol.js';
import { commitOf, turnsFrom } from './rows.js';
import { serve } from './serve.js';

// The model alone, in a process of its own: the run over a turn's vectors, which gives score and contributions of each row, and the
// reasons of those that are not approved, as in the engine. The vectors are those of histories, made before the measure.

const HOUR_MS = 3_600_000;
/** Vectors that take turns: the branches of the trees that they take are not to be learnt by heart. */
const ROWS = 4_096;

const model = await loadModel('models', undefined, { version: CATALOGUE_VERSION, features: FEATURE_NAMES });
const { content: policy } = readYamlFile<Policy>('config/policy.yaml', POLICY_SCHEMA);
const pseudonyms = new Pseudonyms('benchmark');
const store = new MemoryFeatureStore({ decisionTtlMs: HOUR_MS, maxDecisions: 100_000 });
const vectors = new Float32Array(ROWS * VECTOR_LENGTH);

async function prepare({ firstTransaction }: PartCommand): Promise<void> {
  let at = 0;
  for (const rows of turnsFrom(firstTransaction, ROWS, 64)) {
    const { states } = await store.exchange(toReads(rows, pseudonyms), []);
    const { values } = toVectors(
      rows,
      states,
      rows.map(() => null),
    );
    vectors.set(values, at);
    at += values.length;
    await store.exchange([], rows.map(commitOf));
  }
}

async function run({ phase, transactions }: PartCommand): Promise<void> {
  const { turn } = PARTS[phase];
  for (let done = 0; done < transactions; done += turn) {
    const from = (done % (ROWS - turn + 1)) * VECTOR_LENGTH;
    const values = vectors.subarray(from, from + turn * VECTOR_LENGTH);
    const { scores, contributions } = await model.run(values, turn);
    for (let row = 0; row < turn; row++) {
      reasonsOf(outcomeOf(scores[row]!, false, policy), [], values, contributions, row * VECTOR_LENGTH);
    }
  }
}

serve((command) => (command.type === 'prepare' ? prepare(command) : run(command)));
