import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { fillSteadily } from '../kafka/fill.js';
import { counts, createTopics, total, type Topics } from '../kafka/topics.js';
import { measureKafka, startConsumer } from '../measure/kafka.js';
import type { Options } from '../options.js';
import { table } from '../report/markdown-table.js';
import { MetricsPage } from '../servers/prometheus.js';
import type { Server } from '../servers/server.js';
import { startSubjects, type KafkaSubject } from '../servers/subjects.js';

/** Of the rate at which a backlog is worked off. */
const SHARE = 0.7;
const SATURATION_SECONDS = 10;
const LOOK_EVERY_MS = 5000;
/** Of the time, in which memory may still find its level. */
const SETTLES = 0.3;
/** What memory may have grown from when it has settled to the end: more than noise, less than any leak of use. */
const MOST_GROWTH = 0.05;
/** Messages that may wait at the end, as seconds of the load. */
const MOST_BEHIND_SECONDS = 2;

/** Event time runs ahead of the clock where so many transactions come. */
const FAR_AHEAD = { FUTURE_SKEW_S: '315360000' };

interface Look {
  readonly atS: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly behind: number;
  readonly spoolMb: number;
}

/** @returns exit code: 1 where memory grows, or messages wait at the end */
export async function soak(options: Options): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'soak-'));
  const cleanUp: (() => Promise<void>)[] = [];
  try {
    const { all } = await startSubjects(['kafka'], options, directory, (stop) => cleanUp.push(stop));
    const subject = all[0] as KafkaSubject;
    const { load } = await measureKafka(subject, 1, SATURATION_SECONDS, null);
    const saturation = load.requests / load.seconds;
    const perSecond = Math.round(SHARE * saturation);
    console.log(
      `a backlog is worked off at ${Math.round(saturation)} a second; ${perSecond} a second for ${options.seconds} s`,
    );
    const looks = await run(subject, perSecond, options.seconds);
    return judge(looks, perSecond) ? 0 : 1;
  } finally {
    for (const stop of cleanUp.toReversed()) await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(subject: KafkaSubject, perSecond: number, seconds: number): Promise<Look[]> {
  const topics: Topics = { transactions: 'soak', decisions: 'soak-decisions', deadLetters: 'soak-dlq' };
  const admin = subject.broker.client.admin();
  await admin.connect();
  await createTopics(admin, topics);
  const consumer = await startConsumer(subject, topics, 'soak', FAR_AHEAD);
  try {
    const startedAt = performance.now();
    const filled = fillSteadily(subject.broker.client, topics.transactions, {
      first: subject.nextTransaction,
      perSecond,
      seconds,
    });
    const looks: Look[] = [];
    while (performance.now() - startedAt < seconds * 1000) {
      await sleep(LOOK_EVERY_MS);
      const one = await look(consumer, admin, topics, (performance.now() - startedAt) / 1000);
      looks.push(one);
      if (looks.length % 6 === 0) console.log(lineOf(one));
    }
    await filled;
    const dead = total(await counts(admin, topics.deadLetters));
    if (dead > 0)
      throw new Error(`${dead} dead letters: what was measured is not the deciding of transactions`);
    return looks;
  } finally {
    await consumer.stop();
    await admin.disconnect();
  }
}

async function look(consumer: Server, admin: Admin, topics: Topics, atS: number): Promise<Look> {
  const page = await MetricsPage.of(consumer.port);
  const status = readFileSync(`/proc/${consumer.pid}/status`, 'latin1');
  return {
    atS,
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    heapMb: page.sum('nodejs_heap_size_used_bytes') / 2 ** 20,
    behind: total(await counts(admin, topics.transactions)) - total(await counts(admin, topics.decisions)),
    spoolMb: page.sum('fraud_spool_bytes') / 2 ** 20,
  };
}

const lineOf = ({ atS, rssMb, heapMb, behind, spoolMb }: Look): string =>
  `${atS.toFixed(0).padStart(4)} s  RSS ${rssMb.toFixed(0)} MB  heap ${heapMb.toFixed(0)} MB  ${behind} behind  spool ${spoolMb.toFixed(0)} MB`;

function judge(looks: readonly Look[], perSecond: number): boolean {
  const end = looks.at(-1)!.atS;
  const within = (from: number, to: number): number =>
    median(looks.filter(({ atS }) => atS >= from * end && atS <= to * end).map(({ rssMb }) => rssMb));
  const settled = within(SETTLES, SETTLES + 0.2);
  const last = within(0.8, 1);
  const growth = last / settled - 1;
  const { behind } = looks.at(-1)!;
  const passed = growth <= MOST_GROWTH && behind <= MOST_BEHIND_SECONDS * perSecond;
  const shown = looks.filter((_, i) => i % Math.ceil(looks.length / 10) === 0 || i === looks.length - 1);
  console.log(
    `\n${table(
      ['s', 'RSS, MB', 'heap, MB', 'behind', 'spool, MB'],
      shown.map((one) => [one.atS, one.rssMb, one.heapMb, one.behind, one.spoolMb].map((n) => n.toFixed(0))),
    )}\n\n${passed ? 'passed' : 'FAILED'}: RSS ${settled.toFixed(0)} → ${last.toFixed(0)} MB ` +
      `(${(100 * growth).toFixed(1)} %, at most ${100 * MOST_GROWTH} %), ${behind} behind at the end`,
  );
  return passed;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
