import { LABEL_SOURCES, parseLabel, TRUTHS } from '@fraud/contract';
import { loadConfig } from '@fraud/platform';
import { Argument, Command, Option } from 'commander';
import { httpUrl } from '../argument-parsers.js';
import { ApiClient } from '../http/api-client.js';
import { checkLabelFile, sendLabelFile } from '../labels/label-file.js';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';

interface Options {
  readonly file?: string;
  readonly source?: string;
  readonly at?: string;
  readonly url: string;
}

export function labelCommand(): Command {
  return new Command('label')
    .summary('say what transactions turned out to be')
    .description(
      'Tells a server what became known of a transaction, or of those in a file: CSV with a header of ' +
        'transaction_id,label,source,labelled_at, or a JSON object with these fields on each line; plain or gzip. The file ' +
        'is checked before anything is sent, and goes in batches of 1,000. Of two labels of a transaction the one that became ' +
        'known later holds, so a label may be told again.',
    )
    .argument('[transaction-id]', 'the transaction')
    .addArgument(new Argument('[label]', 'what it turned out to be').choices(TRUTHS))
    .option('--file <path>', 'labels to send instead')
    .addOption(
      new Option('--source <source>', 'who says so; in a file, for lines that do not say').choices(
        LABEL_SOURCES,
      ),
    )
    .option(
      '--at <time>',
      'when it became known, RFC 3339; in a file, for lines that do not say (default: now)',
    )
    .option('--url <url>', 'the HTTP API', httpUrl, 'http://127.0.0.1:8000')
    .action(label);
}

async function label(id: string | undefined, truth: string | undefined, options: Options): Promise<void> {
  const { file, source, url } = options;
  const { FUTURE_SKEW_S, ADMIN_TOKEN } = loadConfig();
  const latestMs = Date.now() + FUTURE_SKEW_S * 1000;
  const defaults = { source, labelled_at: options.at ?? new Date().toISOString() };
  if ((file === undefined) === (id === undefined))
    throw new UserError('Give a transaction and its label, or --file.');
  const client = new ApiClient(url, 1, ADMIN_TOKEN);
  try {
    if (file === undefined) {
      await one({ transaction_id: id, label: truth, ...defaults }, latestMs, client);
      return;
    }
    await checkLabelFile(file, defaults, latestMs);
    await client.requireServer();
    const { fraud, legitimate } = await sendLabelFile(file, defaults, client);
    process.stdout.write(
      `${whole(fraud + legitimate)} labels taken: ${whole(fraud)} fraud, ${whole(legitimate)} legitimate\n`,
    );
  } finally {
    await client.close();
  }
}

async function one(value: object, latestMs: number, client: ApiClient): Promise<void> {
  const parsed = parseLabel(value, '', latestMs);
  if (!parsed.ok) {
    const faults = parsed.errors.map(({ field, message }) => `\n  ${OPTIONS[field] ?? field} ${message}`);
    throw new UserError(`The label is not valid:${faults.join('')}`);
  }
  await client.requireServer();
  const answer = await client.post('/v1/labels', parsed.label);
  if (answer.kind === 'failed') {
    const title = answer.problem === null ? '' : `, ${answer.problem.title}`;
    throw new UserError(`The server did not take the label: ${answer.code}${title}`);
  }
  const { transaction_id, label: truth, source, labelled_at } = parsed.label;
  process.stdout.write(`taken: ${transaction_id} is ${truth} (${source}, ${labelled_at})\n`);
}

/** Where a field of the label comes from. */
const OPTIONS: Readonly<Record<string, string>> = {
  transaction_id: 'the transaction',
  source: '--source',
  labelled_at: '--at',
};
