import { loadConfig } from '@fraud/platform';
import type { QualityReport } from '@fraud/records';
import { Command } from 'commander';
import { httpUrl, instant, wholeNumber } from '../argument-parsers.js';
import { bodyOrAdvice } from '../http/advice.js';
import { ApiClient } from '../http/api-client.js';
import { qualityText, WORDS } from '../quality/quality-table.js';

interface Options {
  readonly url: string;
  readonly from?: string;
  readonly to?: string;
  readonly horizon?: number;
  readonly json?: true;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .summary('how good decisions were, as far as labels say')
    .description(
      'Asks a server how good its decisions were, by week of transactions, and how far that can be known yet: fraud becomes ' +
        'known late, so a young week looks better than it was. With ADMIN_TOKEN, where the server has one.',
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
    .addHelpText('after', `\n${WORDS}`)
    .action(evaluate);
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
