import { loadConfig } from '@fraud/platform';
import type { QualityReport } from '@fraud/records';
import { Command, Option } from 'commander';
import { httpUrl, instant, wholeNumber } from '../argument-parsers.js';
import { checkDrift, type DriftOptions } from '../drift/check-drift.js';
import { WORDS as DRIFT_WORDS } from '../drift/drift-text.js';
import { bodyOrAdvice } from '../http/advice.js';
import { ApiClient } from '../http/api-client.js';
import { WINDOW_WORDS } from '../drift/drift-sample.js';
import { UserError } from '../user-error.js';
import { qualityText, WORDS } from '../quality/quality-table.js';

interface Options extends DriftOptions {
  readonly checkDrift?: true;
  readonly horizon?: number;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .summary('how good decisions were, as far as labels say; whether traffic has drifted')
    .description(
      'Asks a server how good its decisions were, by week of transactions, and how far that can be known yet: fraud becomes ' +
        'known late, so a young week looks better than it was. With ADMIN_TOKEN, where the server has one. With --check-drift it says ' +
        'instead whether traffic still looks like what the model was trained on; its exit code is 0 = calm, 1 = drift, 2 = too few ' +
        'rows to say, 3 = could not look.',
    )
    .option('--url <url>', 'the HTTP API', httpUrl, 'http://127.0.0.1:8000')
    .option('--from <date>', 'the week that holds it is the first (default: 12 weeks before --to)', instant)
    .option(
      '--to <date>',
      'transactions before it; the week that holds it is the last (default: now)',
      instant,
    )
    .option(
      '--horizon <days>',
      'frauds that become known later are not expected any more (default: 90)',
      wholeNumber(7, 365),
    )
    .option('--json', 'print JSON instead of text')
    .option(
      '--check-drift',
      'whether traffic has drifted: of the server at --url, unless one of these two is given',
    )
    .addOption(
      new Option('--prometheus <url>', 'with --check-drift: of all instances that a Prometheus scrapes')
        .argParser(httpUrl)
        .conflicts('records'),
    )
    .option(
      '--records',
      'with --check-drift: of recorded decisions, from --from (default: a day before --to) to --to (default: now)',
    )
    .addOption(
      new Option('--window <window>', 'with --check-drift: how far back to look')
        .choices(Object.keys(WINDOW_WORDS))
        .default('24h'),
    )
    .option('--html <file>', 'with --check-drift: also write a report with plots')
    .addHelpText('after', `\n${WORDS}\n\nDrift\n${DRIFT_WORDS}`)
    .action(async (options: Options) => {
      const { checkDrift: drift, prometheus, records, html } = options;
      if (drift === true) await checkDrift(options);
      else if ((prometheus ?? records ?? html) !== undefined)
        throw new UserError('--prometheus, --records and --html go with --check-drift');
      else await evaluate(options);
    });
}

async function evaluate({ url, from, to, horizon, json }: Options): Promise<void> {
  const query = new URLSearchParams();
  if (from !== undefined) query.set('from', from);
  if (to !== undefined) query.set('to', to);
  if (horizon !== undefined) query.set('horizon_days', String(horizon));
  const client = new ApiClient(url, 1, loadConfig().ADMIN_TOKEN);
  try {
    await client.requireServer();
    const answer = await client.get(`/v1/quality?${query.toString()}`);
    const report = bodyOrAdvice(answer, 'evaluate') as QualityReport;
    process.stdout.write(`${json === true ? JSON.stringify(report, null, 2) : qualityText(report)}\n`);
  } finally {
    await client.close();
  }
}
