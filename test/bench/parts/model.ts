import { CATALOGUE_VERSION, FEATURE_NAMES, VECTOR_LENGTH } from '@fraud/features';
import { loadModel } from '@fraud/model';
import { readYamlFile } from '@fraud/platform';
import { outcomeOf, POLICY_SCHEMA, type Policy } from '@fraud/policy';
import { reasonsOf } from '@fraud/scoring';
import { PARTS } from '../plan.js';
import type { PartCommand } from './protocol.js';
import { serve } from './serve.js';
import { VectorsOfHistories } from './vectors-of-histories.js';

// The model alone, in a process of its own: the run over a turn's vectors, which gives score and contributions of each row, and the
// reasons of those that are not approved, as in the engine. The vectors are those of histories, made before the measure.

/** Vectors that take turns: the branches of the trees that they take are not to be learnt by heart. */
const ROWS = 4_096;

const model = await loadModel('models', undefined, { version: CATALOGUE_VERSION, features: FEATURE_NAMES });
const { content: policy } = readYamlFile<Policy>('config/policy.yaml', POLICY_SCHEMA);
const histories = new VectorsOfHistories();
let vectors: Float32Array = new Float32Array();

async function prepare({ firstTransaction }: PartCommand): Promise<void> {
  ({ values: vectors } = await histories.next(firstTransaction, ROWS));
}

async function run({ phase, transactions }: PartCommand): Promise<void> {
  const { turn } = PARTS[phase];
  for (let done = 0; done < transactions; done += turn) {
    const from = (done % (ROWS - turn + 1)) * VECTOR_LENGTH;
    const values = vectors.subarray(from, from + turn * VECTOR_LENGTH);
    const { scores, contributions } = await model.run(values, turn);
    for (let row = 0; row < turn; row++) {
      reasonsOf(outcomeOf(scores[row]!, false, policy), [], [], values, contributions, row * VECTOR_LENGTH);
    }
  }
}

serve((command) => (command.type === 'prepare' ? prepare(command) : run(command)));
