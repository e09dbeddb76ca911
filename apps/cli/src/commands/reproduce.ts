import { Command } from 'commander';
import { reproduce } from '../reproduce/reproduce.js';

export function reproduceCommand(): Command {
  return new Command('reproduce')
    .summary('repeat a recorded decision, to the bit')
    .description(
      'Repeats a recorded decision with the model, the policy and the fx table of its versions, by the pipeline that serves: from the ' +
        'decisions before it, and from its recorded vector. Where something comes out otherwise it says what.',
    )
    .argument('<decision_id>', 'of the answer')
    .option('--vector-only', 'do not compute its features anew from the decisions before it')
    .option('--json', 'print JSON instead of text')
    .addHelpText(
      'after',
      '\nReads the records of the configuration (DATABASE_URL, else DATA_DIR), and models at MODEL_URI. Exit code: 0 where the answer ' +
        'comes out the same from either, else 1.',
    )
    .action(reproduce);
}
