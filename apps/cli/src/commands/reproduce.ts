import { Command } from 'commander';
import { instant, wholeNumber } from '../argument-parsers.js';
import { reproduce } from '../reproduce/reproduce.js';
import { reproduceMany } from '../reproduce/reproduce-many.js';
import { UserError } from '../user-error.js';

const EVENTS_EVERY = 100;

interface Options {
  readonly vectorOnly?: true;
  readonly from?: string;
  readonly to?: string;
  readonly eventsEvery: number;
  readonly json?: true;
}

export function reproduceCommand(): Command {
  return new Command('reproduce')
    .summary('repeat recorded decisions, to the bit')
    .description(
      'Repeats a recorded decision with the model, the policy and the fx table of its versions, by the pipeline that serves: from the ' +
        'decisions before it, and from its recorded vector. Where something comes out otherwise it says what. With --from, all decisions ' +
        'of a period.',
    )
    .argument('[decision_id]', 'of the answer')
    .option('--vector-only', 'do not compute its features anew from the decisions before it')
    .option('--from <date>', 'repeat what was decided from then on', instant)
    .option('--to <date>', 'and before then', instant)
    .option(
      '--events-every <n>',
      'of a period, one of so many is repeated from the decisions before it, too',
      wholeNumber(1, 1_000_000),
      EVENTS_EVERY,
    )
    .option('--json', 'print JSON instead of text')
    .addHelpText(
      'after',
      '\nReads the records of the configuration (DATABASE_URL, else DATA_DIR), and models at MODEL_URI. Exit code: 0 where the answer ' +
        'comes out the same from either, of a period where all do from their vectors, else 1.',
    )
    .action(run);
}

async function run(decisionId: string | undefined, options: Options): Promise<void> {
  const { from, ...rest } = options;
  if ((decisionId === undefined) === (from === undefined))
    throw new UserError('Give a decision_id, or --from.');
  if (decisionId !== undefined) await reproduce(decisionId, options);
  else await reproduceMany({ ...rest, from: from! });
}
