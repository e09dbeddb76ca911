import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { runProduct } from './lib/product.mjs';
import { say } from './lib/progress.mjs';
import { pythonEnvironment } from './lib/python-environment.mjs';
import { ensureReady } from './lib/ready.mjs';

const DEFAULT_DATA = inRoot('../shared/data/handbook');

const USAGE = `Usage: npm run handbook [-- [options] [DIR]]

Runs the protocol of the Fraud Detection Handbook on its data with this engine's features, and writes docs/handbook.md.
DIR has transactions.csv.gz, labels.csv.gz and published_features_….csv.gz (../shared/data/handbook).

  --matrix DIR         use this matrix of the data, from an earlier run, instead of replaying it
  --one                only the first test week with one week of training, from a replay of what it needs; writes no page
  --work DIR           where the matrix is made (.cache/handbook)
  --help               this text`;

/** For --one: its training week begins on 27 June; the longest windows reach 38 days back. */
const ONE_WEEK = ['--from', '2018-05-20T00:00:00Z', '--until', '2018-07-18T00:00:00Z'];

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      matrix: { type: 'string' },
      work: { type: 'string' },
      one: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const data = path.resolve(positionals[0] ?? DEFAULT_DATA);
  if (!existsSync(path.join(data, 'transactions.csv.gz'))) {
    throw new Failure(
      `there is no Handbook data in ${data}`,
      'name its directory: npm run handbook -- DIR (with transactions.csv.gz, labels.csv.gz, published_features_….csv.gz)',
    );
  }
  const training = inRoot('training');
  const python = await pythonEnvironment(
    inRoot('.cache/training-venv'),
    path.join(training, 'requirements.txt'),
    undefined,
  );
  let matrix = values.matrix;
  if (matrix === undefined) {
    await ensureReady();
    matrix = path.resolve(values.work ?? inRoot('.cache/handbook', values.one ? 'one' : 'all'));
    say(`handbook: replaying ${data} → ${matrix}`);
    const part = values.one ? ONE_WEEK : [];
    const code = await runProduct('cli', ['matrix', '--data', data, '--out', matrix, ...part]);
    if (code !== 0) throw new Failure('the matrix was not made', 'see the message above');
  }
  const { code } = await runChild(
    python,
    [
      path.join(training, 'handbook_quality.py'),
      '--data',
      data,
      '--matrix',
      path.resolve(matrix),
      ...(values.one ? ['--one'] : ['--out', inRoot('docs/handbook.md')]),
    ],
    { cwd: root, inherit: true },
  );
  return code;
});
