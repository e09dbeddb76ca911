import path from 'node:path';
import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { runProduct } from './lib/product.mjs';
import { say } from './lib/progress.mjs';
import { pythonEnvironment } from './lib/python-environment.mjs';
import { ensureReady } from './lib/ready.mjs';

const TRAINING = inRoot('training');
const TRAIN = path.join(TRAINING, 'train.py');
const DAY_MS = 86_400_000;

/** Where what was trained on --data goes: not into models/, which holds the model that ships. */
const TRAINED = inRoot('.cache/trained');
const CARD = inRoot('docs/model.md');

/** Days that fill the histories before a row counts; the default of --warmup-days in training/. */
const WARMUP_DAYS = 38;
/** Days of the holdout that count, and the label delay behind them. */
const HOLDOUT_DAYS = 28 + 7;

const USAGE = `Usage: npm run train -- [options] [options of training/train.py]

  --data PATH          train on recorded traffic with labels instead of simulated: what "npm run replay" reads. Its last
                       weeks are the holdout; the model goes to .cache/trained, or to --out
  --labels FILE        with --data, a Handbook labels file that does not lie beside the transactions
  --label-delay D      a fraud becomes known so long after it happened (7d)
  --cards N            cards in the simulated traffic (6000)
  --days N             days of training traffic (129)
  --start DATE         its first day (2026-01-05)
  --seed N             its seed (7)
  --holdout-seed N     seed of the holdout traffic (11)
  --holdout-days N     days of the holdout, which fills its histories before the training traffic ends (${WARMUP_DAYS + HOLDOUT_DAYS})
  --holdout-cards N    cards of the holdout (6000)
  --train DIR          use this training matrix instead of making one
  --holdout DIR        use this holdout matrix instead of making one
  --work DIR           where matrices are made (.cache/training)
  --python COMMAND     Python 3.11 or newer (python3)
  --venv DIR           virtual environment (.cache/training-venv)
  --setup              only prepare the Python environment
  --test               run the tests of the training
  --rings DIR          print what slots of several widths cost on the Handbook data in DIR
  --help               this text

All others go to training/train.py: --out, --card, --version, --created-at, --warmup-days, --max-trees, --max-depth …
(npm run train -- --train-help lists them). Without --out and --data the model is the one that ships: it goes to models/,
its card to docs/model.md.`;

const FLAGS = ['help', 'setup', 'test', 'train-help'];
const DEFAULTS = {
  data: '',
  labels: '',
  'label-delay': '7d',
  cards: '6000',
  days: '129',
  start: '2026-01-05T00:00:00Z',
  seed: '7',
  'holdout-seed': '11',
  'holdout-days': String(WARMUP_DAYS + HOLDOUT_DAYS),
  'holdout-cards': '6000',
  train: '',
  holdout: '',
  rings: '',
  work: inRoot('.cache/training'),
  python: '',
  venv: inRoot('.cache/training-venv'),
};

await runMain(async () => {
  const { flags, own, rest } = parse(process.argv.slice(2));
  if (flags.has('help')) {
    console.log(USAGE);
    return 0;
  }
  const python = await pythonEnvironment(
    path.resolve(own.venv),
    path.join(TRAINING, 'requirements.txt'),
    own.python || undefined,
  );
  if (flags.has('setup')) return 0;
  if (flags.has('test'))
    return runPython(python, ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.', ...rest], TRAINING);
  if (own.rings) return runPython(python, [path.join(TRAINING, 'handbook_rings.py'), own.rings]);
  if (flags.has('train-help')) return runPython(python, [TRAIN, '--help']);
  await ensureReady();
  const given = (/** @type {string} */ name) => rest.some((a) => a === name || a.startsWith(`${name}=`));
  const delay = ['--label-delay', own['label-delay']];
  if (own.data) {
    const labels = own.labels ? ['--labels', own.labels] : [];
    const out = path.join(own.work, 'data');
    await matrix(out, `replaying ${own.data}`, ['--data', own.data, ...labels, ...delay]);
    return runPython(python, [TRAIN, '--train', out, ...(given('--out') ? [] : ['--out', TRAINED]), ...rest]);
  }
  const train = own.train || path.join(own.work, 'train');
  const holdout = own.holdout || path.join(own.work, 'holdout');
  if (!own.train) await simulated(train, own.seed, own.cards, own.days, own.start, delay);
  if (!own.holdout) {
    const start = new Date(Date.parse(own.start) + (Number(own.days) - WARMUP_DAYS) * DAY_MS).toISOString();
    await simulated(holdout, own['holdout-seed'], own['holdout-cards'], own['holdout-days'], start, delay);
  }
  const card = given('--out') || given('--card') ? [] : ['--card', CARD];
  return runPython(python, [
    TRAIN,
    '--train',
    path.resolve(train),
    '--holdout',
    path.resolve(holdout),
    ...card,
    ...rest,
  ]);
});

/**
 * Own options, and everything else in its order for train.py.
 * @param {readonly string[]} argv
 */
function parse(argv) {
  const flags = new Set();
  const own = { ...DEFAULTS };
  const rest = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    const [, name = '', inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (FLAGS.includes(name)) {
      flags.add(name);
    } else if (Object.hasOwn(DEFAULTS, name)) {
      const value = inline ?? argv[++i];
      if (value === undefined) throw new Failure(`--${name} needs a value`, 'npm run train -- --help');
      own[/** @type {keyof typeof DEFAULTS} */ (name)] = value;
    } else {
      rest.push(argument);
    }
  }
  return { flags, own, rest };
}

/**
 * @param {string} out
 * @param {string} seed
 * @param {string} cards
 * @param {string} days
 * @param {string} start
 * @param {readonly string[]} delay
 */
function simulated(out, seed, cards, days, start, delay) {
  const options = ['--seed', seed, '--cards', cards, '--days', days, '--start', start];
  return matrix(out, `replaying ${days} days of ${cards} cards, seed ${seed}`, [...options, ...delay]);
}

/**
 * @param {string} out
 * @param {string} what
 * @param {readonly string[]} options
 */
async function matrix(out, what, options) {
  say(`train: ${what} → ${out}`);
  const code = await runProduct('cli', ['matrix', '--out', out, ...options]);
  if (code !== 0) throw new Failure('the matrix was not made', 'see the message above');
}

/** @param {string} python @param {readonly string[]} args @param {string} [cwd] */
async function runPython(python, args, cwd = root) {
  const { code } = await runChild(python, args, { cwd, inherit: true });
  return code;
}
