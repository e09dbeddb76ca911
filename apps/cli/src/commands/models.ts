import { Command } from 'commander';
import { instant, wholeNumber } from '../argument-parsers.js';
import { MOST_CARDS } from '../load/population.js';
import { compare } from '../models/compare.js';
import { inspect } from '../models/inspect.js';
import { verify } from '../models/verify.js';
import { COMPARISON_SEED } from '../seeds.js';

const URI = 'a directory or s3://bucket/prefix: the model itself, or with --model-version what lies there';

export function modelsCommand(): Command {
  return new Command('models')
    .summary('verify, inspect or compare models')
    .description('Looks at models in directories or S3, by the same code that loads them into a server.')
    .addCommand(verifyCommand())
    .addCommand(inspectCommand())
    .addCommand(compareCommand())
    .addHelpText(
      'after',
      '\nS3, cache and limits are set as for the servers: AWS_…, MODEL_CACHE_DIR, MODEL_MAX_BYTES.',
    );
}

const json = '--json';
const JSON_HELP = 'print JSON instead of text';
const VERSION_HELP = 'the folder of this version below the address';

function verifyCommand(): Command {
  return new Command('verify')
    .summary('do everything that a server does before it lets a model decide')
    .argument('<uri>', URI)
    .option('--model-version <name>', VERSION_HELP)
    .option(json, JSON_HELP)
    .addHelpText('after', '\nExit code: 0 where a server would run the model, 1 where it would refuse it.')
    .action(verify);
}

function inspectCommand(): Command {
  return new Command('inspect')
    .summary('say what a model is')
    .argument('<uri>', URI)
    .option('--model-version <name>', VERSION_HELP)
    .option(json, JSON_HELP)
    .addHelpText('after', '\nExit code: 0, or 1 where the model is refused.')
    .action(inspect);
}

function compareCommand(): Command {
  return new Command('compare')
    .summary('score the same rows by two models, and show what differs')
    .description(
      'Replays simulated traffic that neither model was trained on, or reads a matrix, and scores each row by both models: ' +
        "agreement at the policy's thresholds, shift of scores and contributions, and quality with 95 % intervals from a " +
        'bootstrap over days.',
    )
    .argument('<a>', 'the model that runs, say')
    .argument('<b>', 'the one that shall')
    .option('--matrix <dir>', 'rows of the matrix that "matrix --out DIR" wrote, instead of traffic')
    .option('--seed <n>', 'seed of the traffic', wholeNumber(0, 2 ** 32 - 1), COMPARISON_SEED)
    .option('--cards <n>', 'number of cards', wholeNumber(1, MOST_CARDS), 2000)
    .option('--days <n>', 'days of event time, warm-up included', wholeNumber(1, 3660), 58)
    .option('--start <date>', 'first moment of the traffic, ISO 8601', instant, '2026-01-05T00:00:00Z')
    .option('--warmup-days <n>', 'days at the beginning that only fill histories', wholeNumber(0, 3660), 30)
    .option('--resamples <n>', 'of the bootstrap', wholeNumber(100, 100_000), 1000)
    .option(json, JSON_HELP)
    .addHelpText(
      'after',
      '\nExit code: 0, or 1 where a model is refused or no row is left; which one is better is yours to say.',
    )
    .action(compare);
}
