import { loadConfig } from '@fraud/platform';
import type { Erasure } from '@fraud/records';
import { Command } from 'commander';
import { httpUrl } from '../argument-parsers.js';
import { bodyOrAdvice } from '../http/advice.js';
import { ApiClient, type ApiAnswer } from '../http/api-client.js';
import { whole } from '../report/table.js';

const SERVER = ['--url <url>', 'the HTTP API', httpUrl, 'http://127.0.0.1:8000'] as const;

export function recordsCommand(): Command {
  const erasing = new Command('erase')
    .summary('take a card out of records, histories, stored decisions and the spool')
    .description(
      'Has a server erase a card, and prints what is kept of that: a hash of the card, who asked, why, when, and how much there was. ' +
        'With ADMIN_TOKEN, where the server has one. Safe to repeat.',
    )
    .argument('<card-id>', 'as transactions have it')
    .requiredOption('--reason <text>', 'why; it is kept, and must not name the card')
    .option(...SERVER)
    .action(async (cardId: string, { reason, url }: { reason: string; url: string }) => {
      const asked = { card_id: cardId, reason };
      const erasure = (await ask(url, (client) => client.post('/v1/erasures', asked))) as Erasure;
      process.stdout.write(`${erasureText(erasure)}\n`);
    });
  const listing = new Command('erasures')
    .summary('the last 100 erasures')
    .option(...SERVER)
    .action(async ({ url }: { url: string }) => {
      const { erasures } = (await ask(url, (client) => client.get('/v1/erasures'))) as {
        erasures: readonly Erasure[];
      };
      for (const erasure of erasures) process.stdout.write(`${erasureText(erasure)}\n`);
    });
  return new Command('records').description('the recorded decisions').addCommand(erasing).addCommand(listing);
}

async function ask(url: string, question: (client: ApiClient) => Promise<ApiAnswer>): Promise<unknown> {
  const client = new ApiClient(url, 1, loadConfig().ADMIN_TOKEN);
  try {
    await client.requireServer();
    return bodyOrAdvice(await question(client), 'records');
  } finally {
    await client.close();
  }
}

const erasureText = ({ at, card_hash, asked_by, reason, decisions, labels }: Erasure): string =>
  `${at}  card ${card_hash.slice(0, 16)}…  ${whole(decisions)} decisions, ${whole(labels)} labels  by ${asked_by}: ${reason}`;
