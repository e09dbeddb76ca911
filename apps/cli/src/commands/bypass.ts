import { loadConfig } from '@fraud/platform';
import type { BypassState } from '@fraud/scoring';
import { Command } from 'commander';
import { httpUrl, instant, wholeNumber } from '../argument-parsers.js';
import { reportBypass } from '../bypass/report.js';
import { bodyOrAdvice } from '../http/advice.js';
import { ApiClient, type ApiAnswer } from '../http/api-client.js';

const SERVER = ['--url <url>', 'the HTTP API', httpUrl, 'http://127.0.0.1:8000'] as const;

interface OnOptions {
  readonly url: string;
  readonly reason: string;
  readonly author: string;
  readonly minutes?: number;
  readonly kafka?: true;
}

export function bypassCommand(): Command {
  const status = new Command('status')
    .summary('whether transactions are approved unscored')
    .option(...SERVER)
    .action(({ url }: { url: string }) => show(url, (client) => client.get('/v1/bypass')));
  const on = new Command('on')
    .summary('have every instance approve everything, for a time')
    .description(
      'What an administrator can do while instances run; BYPASS_MODE=true in their environment does the same, and wins. With ' +
        'ADMIN_TOKEN, where the server has one.',
    )
    .requiredOption('--reason <text>', 'why; it is kept')
    .requiredOption('--author <name>', 'who wants it')
    .option(
      '--minutes <n>',
      'ends by itself after (default: BYPASS_MAX_MINUTES of the server)',
      wholeNumber(1, 1440),
    )
    .option('--kafka', 'what comes over Kafka, too')
    .option(...SERVER)
    .action(({ url, reason, author, minutes, kafka }: OnOptions) =>
      show(url, (client) =>
        client.post('/v1/bypass', {
          reason,
          author,
          ...(minutes !== undefined && { minutes }),
          ...(kafka === true && { doors: ['http', 'kafka'] }),
        }),
      ),
    );
  const off = new Command('off')
    .summary('have every instance score again')
    .requiredOption('--author <name>', 'who ends it')
    .option(...SERVER)
    .action(({ url, author }: { url: string; author: string }) =>
      show(url, (client) => client.post('/v1/bypass/end', { author })),
    );
  const report = new Command('report')
    .summary('score what was let through, and say what would have become of it')
    .description(
      'Scores what bypasses let through with the features that each transaction would have had, from the records: how many, what ' +
        'they would have been, and how much money that was.',
    )
    .option('--from <date>', 'let through from then on (default: the first)', instant)
    .option('--to <date>', 'and before then', instant)
    .option('--model <version>', 'a version at MODEL_URI, or where a model lies (default: what decides now)')
    .option('--policy <file>', 'a policy.yaml (default: POLICY_FILE)')
    .option('--publish', 'send each with the decision it would have had to BYPASSED_TOPIC')
    .option('--json', 'print JSON instead of text')
    .addHelpText('after', '\nReads the records of the configuration (DATABASE_URL, else DATA_DIR).')
    .action(reportBypass);
  return new Command('bypass')
    .description('approving everything unscored, and what that let through')
    .addCommand(status)
    .addCommand(on)
    .addCommand(off)
    .addCommand(report);
}

async function show(url: string, question: (client: ApiClient) => Promise<ApiAnswer>): Promise<void> {
  const client = new ApiClient(url, 1, loadConfig().ADMIN_TOKEN);
  try {
    await client.requireServer();
    process.stdout.write(`${stateText(bodyOrAdvice(await question(client), 'bypass') as BypassState)}\n`);
  } finally {
    await client.close();
  }
}

function stateText({ active, by, bypass }: BypassState): string {
  const where = by === 'environment' ? ' (BYPASS_MODE is set, and wins)' : '';
  if (bypass === null) return `No bypass: transactions are scored${where}.`;
  const { reason, author, since, until, doors } = bypass;
  return (
    `${active ? 'BYPASS: transactions are approved unscored' : 'Transactions are scored here; the last bypass'}${where}\n` +
    `  ${since} to ${until}, ${doors.join(' and ')}, by ${author}: ${reason}`
  );
}
