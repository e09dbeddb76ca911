import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { constants } from 'node:os';
import { endSignals } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { manifestTools } from './lib/kube/environment.mjs';
import { render } from './lib/kube/render.mjs';
import { inRoot } from './lib/paths.mjs';
import { withProgress } from './lib/progress.mjs';
import { ensureReady } from './lib/ready.mjs';
import { installOnCluster, whyNoCluster } from './lib/runbook/cluster.mjs';
import { conduct } from './lib/runbook/conduct.mjs';
import { parseRunbook } from './lib/runbook/parse.mjs';
import { tableOf } from './lib/runbook/table.mjs';
import { openTrial } from './lib/runbook/trial.mjs';

const OVERLAY = 'tps-5000';
const USAGE = `Usage: npm run test:runbook [-- --runbook FILE] [--without-image]

Runs every command of the operators' runbook against the real thing, and prints what came of each: Redis, Kafka, S3, the API and a consumer are
started for it, and kubectl has the cluster of KUBECONFIG, where that names one without a namespace fraud-detection; else commands and
manifests are held against each other. docker builds the image as npm run image does, as root.
  --runbook FILE   the runbook (../shared/runbook.md)
  --without-image  the image is not built: the Dockerfile is only read`;

await runMain(async () => {
  const options = parse();
  const items = readRunbook(options.runbook);
  for (const signal of endSignals)
    // Whoever waits for a child hands the signal on first; what was started is taken away on exit.
    process.once(signal, () => setImmediate(() => process.exit(128 + constants.signals[signal])));
  await ensureReady();
  const manifests = await render(OVERLAY);
  const { kubectl } = await manifestTools();
  const noCluster = await whyNoCluster();
  const noImage = whyNoImage(options['without-image']);
  const trial = await openTrial({
    cluster: noCluster === '',
    env: {
      RUNBOOK_MANIFESTS: manifests,
      RUNBOOK_KUBECTL: kubectl,
      RUNBOOK_IMAGE: noImage === '' ? 'built' : 'parsed',
    },
  });
  try {
    const cluster = noCluster === '' ? await installOnCluster(manifests) : undefined;
    try {
      const means = { cluster, noImage, url: trial.url };
      const rows = await conduct(items, means, trial.env, withProgress);
      console.log(`\n${tableOf(rows)}\n`);
      const failed = rows.filter(({ ok }) => !ok);
      if (!cluster)
        console.log(`client-side: ${noCluster}; what kubectl and the manifests say, and nothing is changed`);
      console.log(`runbook: ${rows.length - failed.length} of ${rows.length} conform`);
      return failed.length === 0 ? 0 : 1;
    } finally {
      await cluster?.remove();
    }
  } finally {
    await trial.stop();
  }
});

function parse() {
  try {
    return parseArgs({
      options: {
        runbook: { type: 'string', default: inRoot('../shared/runbook.md') },
        'without-image': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), USAGE, { exitCode: 2 });
  }
}

/** @param {string} file */
function readRunbook(file) {
  if (!existsSync(file))
    throw new Failure(
      `there is no runbook at ${path.resolve(file)}`,
      'name it: npm run test:runbook -- --runbook FILE',
      {
        exitCode: 2,
      },
    );
  const items = parseRunbook(readFileSync(file, 'utf8'));
  if (items.length > 0) return items;
  throw new Failure(`${file} has no commands`, 'name the runbook by --runbook FILE', { exitCode: 2 });
}

/** @param {boolean} unwanted */
function whyNoImage(unwanted) {
  if (unwanted) return '--without-image';
  return process.getuid?.() === 0 ? '' : 'needs root';
}
