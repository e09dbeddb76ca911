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

const USAGE = `Usage: npm run train -- [options] [options of training/train.py]

  --cards N            cards in the simulated traffic (6000)
  --days N             days of training traffic (70)
  --seed N             its seed (7)
  --holdout-seed N     seed of the holdout traffic (11)
  --holdout-days N     days of the holdout, of which only those after the training traffic count (days + 14)
  --holdout-cards N    cards of the holdout (4000)
  --train DIR          use this training matrix instead of making one
  --holdout DIR        use this holdout matrix instead of making one
  --work DIR           where matrices are made (.cache/training)
  --python COMMAND     Python 3.11 or newer (python3)
  --venv DIR           virtual environment (.cache/training-venv)
  --setup              only prepare the Python environment
  --test               run the tests of the training
  --rings DIR          print what slots of several widths cost on the Handbook data in DIR
  --help               this text

All others go to training/train.py: --out, --version, --created-at, --warmup-days, --max-trees, --max-depth …
(npm run train -- --train-help lists them).`;

const FLAGS = ['help', 'setup', 'test', 'train-help'];
const DEFAULTS = {
  cards: '6000',
  days: '70',
  seed: '7',
  'holdout-seed': '11',
  'holdout-days': '',
  'holdout-cards': '4000',
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
  const days = own['holdout-days'] || String(Number(own.days) + 14);
  const train = own.train || (await matrix(path.join(own.work, 'train'), own.seed, own.cards, own.days));
  const holdout =
    own.holdout ||
    (await matrix(path.join(own.work, 'holdout'), own['holdout-seed'], own['holdout-cards'], days));
  return runPython(python, [
    TRAIN,
    '--train',
    path.resolve(train),
    '--holdout',
    path.resolve(holdout),
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
 */
async function matrix(out, seed, cards, days) {
  say(`train: replaying ${days} days of ${cards} cards, seed ${seed} → ${out}`);
  const code = await runProduct('cli', [
    'matrix',
    '--out',
    out,
    '--seed',
    seed,
    '--cards',
    cards,
    '--days',
    days,
  ]);
  if (code !== 0) throw new Failure('the matrix was not made', 'see the message above');
  return out;
}

/** @param {string} python @param {readonly string[]} args @param {string} [cwd] */
async function runPython(python, args, cwd = root) {
  const { code } = await runChild(python, args, { cwd, inherit: true });
  return code;
}
