import { cpus, totalmem } from 'node:os';
import { table } from '../report/markdown-table.js';
import { writeMarkdown } from '../report/write-markdown.js';
import type { Size, Sizes } from './measure.js';

const FILE = 'docs/sizing.md';
const KB = 1000;
const GB = 1e9;

/** A fleet, by what its entities did. */
const FLEET = {
  cards: 10e6,
  /** Share of the cards by the transactions that their logs hold. */
  mix: [
    [1, 0.1],
    [10, 0.3],
    [30, 0.25],
    [60, 0.2],
    [120, 0.1],
    [256, 0.05],
  ],
  devices: 8e6,
  addresses: 6e6,
  merchantsAndTerminals: 1.5e6,
  decisionsPerSecond: 1000,
} as const;

/** Writes what was measured, and what 10 million cards need. @returns the file */
export function writeSizes({ redisVersion, sizes }: Sizes): string {
  const rows = sizes.map(({ entity, events, bytes }) => [
    entity,
    entity === 'merchant or terminal' ? `${events} days` : events.toLocaleString('en-US'),
    Math.round(bytes).toLocaleString('en-US'),
  ]);
  writeMarkdown(FILE, [
    '# Sizing\n\nWritten by `npm run bench -- --sizing`; do not edit.',
    `Bytes of Redis ${redisVersion} for one entity: growth of \`used_memory\` over 4,000 of them, filled through the feature store event by ` +
      'event, as traffic does. Keys, expiries and tables of Redis are in it. Ids have 12 to 22 characters.',
    table(['Entity', 'Transactions', 'Bytes'], rows),
    growth(sizes),
    fleet(sizes),
    OPERATION,
    `Memory does not depend on the machine (this one: ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB), but on the version of Redis and its allocator.`,
  ]);
  return FILE;
}

const bytesOf = (sizes: readonly Size[], entity: Size['entity'], events: number): number =>
  sizes.find((size) => size.entity === entity && size.events === events)!.bytes;

function growth(sizes: readonly Size[]): string {
  const at60 = bytesOf(sizes, 'card', 60);
  return (
    '## What a card takes\n\n' +
    `A card with 60 transactions takes ${(at60 / KB).toFixed(2)} KB (goal: at most 3), of which its events are 1.92. Redis doubles the room of a ` +
    'string whenever an append does not fit, and its allocator rounds up, so a log takes between once and two and a half times its ' +
    'events. Commands that would save that memory cost CPU: a script that writes a log anew hashes all of it.\n\n' +
    'A log grows until it has more than 289 events, and is then cut to 257. Its events do not leave by age, so a card with two transactions a ' +
    'day is full after five months. A card without a transaction for 45 days is forgotten; a device or an address after 2.'
  );
}

function fleet(sizes: readonly Size[]): string {
  const card = FLEET.mix.reduce((sum, [events, share]) => sum + share * bytesOf(sizes, 'card', events), 0);
  const parts = [
    ['10 M cards, the mix below', FLEET.cards * card],
    ['8 M devices of the last 2 days, 10 transactions each', FLEET.devices * bytesOf(sizes, 'device', 10)],
    [
      '6 M addresses of the last 2 days, 10 transactions each',
      FLEET.addresses * bytesOf(sizes, 'address', 10),
    ],
    [
      '1.5 M merchants and terminals, all days',
      FLEET.merchantsAndTerminals * bytesOf(sizes, 'merchant or terminal', 38),
    ],
    [
      'decisions of an hour at 1,000 per second',
      FLEET.decisionsPerSecond * 3600 * bytesOf(sizes, 'decided transaction', 1),
    ],
  ] as const;
  const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  const mix = FLEET.mix.map(([events, share]) => `${share * 100} % with ${events}`).join(', ');
  const rows = [...parts, ['together', total] as const].map(([name, bytes]) => [
    name,
    (bytes / GB).toFixed(1),
  ]);
  return (
    '## 10 million active cards\n\n' +
    `${table(['', 'GB'], rows)}\n\n` +
    `The mix of cards by transactions in their logs: ${mix}. That is ${(card / KB).toFixed(1)} KB a card. If all were full, cards alone would ` +
    `take ${((FLEET.cards * bytesOf(sizes, 'card', 1_000)) / GB).toFixed(0)} GB.`
  );
}

const OPERATION = `## Room to give

- \`maxmemory-policy noeviction\`: an evicted history is a wrong answer that nobody sees. A full Redis is seen: answers are degraded,
  \`fraud_redis_up\` is 0.
- One Redis: the sum above and a third more, for the fragmentation of its allocator and the buffers of its replicas; twice the sum where it
  saves snapshots (copy on write).
- A replica takes the same again. A cluster divides the sum by its primaries; each count also leaves a key of about 150 bytes for 10 minutes there
  ([ADR 0014](adr/0014-redis-cluster.md)): at 1,000 transactions a second with merchant and terminal 0.2 GB.`;
