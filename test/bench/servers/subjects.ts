import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServices } from '../../../scripts/lib/services/for-tests.mjs';
import type { FormName } from '../load/forms.js';
import { PART_NAMES, type PartName, type SubjectName } from '../plan.js';
import { Broker } from './broker.js';
import { preparePeer, startPeer, type Peer } from './peer.js';
import { RedisServer } from './redis.js';
import { NODE_FLAGS, startServer, stopProcess, type Server } from './server.js';

/** A server under test, over HTTP, with what the measures need to know of it. */
export interface HttpSubject {
  readonly name: Exclude<SubjectName, 'kafka' | PartName>;
  readonly server: Server;
  readonly redis: RedisServer | null;
  readonly form: FormName;
  /** What a whole answer contains; null where no answer is weaker than another. */
  readonly wholeAnswer: string | null;
  /** Every subject gets the same sequence of transactions, from its own place in it. */
  nextTransaction: number;
}

/** What a consumer needs to be started on a topic. */
export interface KafkaSubject {
  readonly name: 'kafka';
  readonly entry: string;
  readonly broker: Broker;
  readonly redis: RedisServer;
  /** Where decisions are recorded. */
  readonly records: Readonly<Record<string, string>>;
  readonly directory: string;
  nextTransaction: number;
  /** So many were begun. */
  measures: number;
}

/** A part of the engine in a process of its own. */
export interface PartSubject {
  readonly name: PartName;
  readonly child: ChildProcess;
  readonly redis: RedisServer | null;
  nextTransaction: number;
}

export type Subject = HttpSubject | KafkaSubject | PartSubject;

export interface Subjects {
  readonly all: readonly Subject[];
  readonly peer: Peer | null;
}

/** Compiled entries. */
export interface Entries {
  readonly api: string;
  readonly consumer: string;
}

const ECHO = fileURLToPath(new URL('echo.ts', import.meta.url));

const isPart = (name: SubjectName): name is PartName => PART_NAMES.some((part) => part === name);

/** Adds what stops a process, in the order in which they started. */
type CleanUp = (stop: () => Promise<void>) => void;

/** Starts what is wanted; all of it runs, one at a time is loaded. */
export async function startSubjects(
  names: readonly SubjectName[],
  entries: Entries,
  directory: string,
  cleanUp: CleanUp,
): Promise<Subjects> {
  for (const [needed, entry] of [
    [
      ['redis', 'recorded', 'embedded', ...PART_NAMES].some((name) => names.some((n) => n === name)),
      entries.api,
    ],
    [names.includes('kafka'), entries.consumer],
  ] as const) {
    if (needed && !existsSync(entry)) throw new Error(`${entry} does not exist: run \`npm run build\` first`);
  }
  // What the environment names holds other data, does other work, and is not for the embedded variant.
  delete process.env['REDIS_URL'];
  delete process.env['KAFKA_BROKERS'];
  delete process.env['DATABASE_URL'];
  const peer = names.includes('peer') ? await preparePeer() : null;
  const all: Subject[] = [];
  for (const name of names) {
    if (name === 'kafka') all.push(await kafkaSubject(entries.consumer, directory, cleanUp));
    else if (isPart(name)) all.push(await partSubject(name, directory, cleanUp));
    else all.push(await httpSubject(name, entries.api, peer, directory, cleanUp));
  }
  return { all, peer };
}

async function httpSubject(
  name: HttpSubject['name'],
  api: string,
  peer: Peer | null,
  directory: string,
  cleanUp: CleanUp,
): Promise<HttpSubject> {
  const redis = ['redis', 'recorded', 'peer'].includes(name)
    ? await privateRedis(name, directory, cleanUp)
    : null;
  const server =
    name === 'peer'
      ? await startPeer(peer!, redis!.url, directory)
      : await startServer(
          name === 'echo' ? ECHO : api,
          {
            ...(redis === null ? {} : { REDIS_URL: redis.url }),
            ...(await recordsOf(name, directory, cleanUp)),
          },
          directory,
        );
  cleanUp(() => server.stop());
  const form = name === 'peer' ? 'peer' : 'own';
  const wholeAnswer = ['embedded', 'redis', 'recorded'].includes(name) ? '"degraded":[]' : null;
  return { name, server, redis, form, wholeAnswer, nextTransaction: 0 };
}

/** Two subjects record their decisions, in a Postgres of their own; the others show what everything else costs. */
async function recordsOf(
  name: HttpSubject['name'] | 'kafka',
  directory: string,
  cleanUp: CleanUp,
): Promise<Record<string, string>> {
  if (name !== 'recorded' && name !== 'kafka') return { RECORDS: 'off' };
  const { urls, stop } = await startServices(['postgres'], join(directory, `postgres-of-${name}`));
  cleanUp(stop);
  return { DATABASE_URL: urls['postgres']!, DATA_DIR: join(directory, `data-of-${name}`) };
}

async function kafkaSubject(entry: string, directory: string, cleanUp: CleanUp): Promise<KafkaSubject> {
  const redis = await privateRedis('kafka', directory, cleanUp);
  const broker = await Broker.start(directory);
  cleanUp(broker.stop);
  const records = await recordsOf('kafka', directory, cleanUp);
  return { name: 'kafka', entry, broker, redis, records, directory, nextTransaction: 0, measures: 0 };
}

async function partSubject(
  name: PartSubject['name'],
  directory: string,
  cleanUp: CleanUp,
): Promise<PartSubject> {
  const redis = name === 'store' ? await privateRedis(name, directory, cleanUp) : null;
  const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, '--import', here('../../../scripts/lib/ts-imports.mjs'), here(`../parts/${name}.ts`)],
    {
      env: { ...process.env, ...(redis === null ? {} : { REDIS_URL: redis.url }) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  cleanUp(() => stopProcess(child));
  return { name, child, redis, nextTransaction: 0 };
}

async function privateRedis(owner: string, directory: string, cleanUp: CleanUp): Promise<RedisServer> {
  const redis = await RedisServer.start(`${directory}/redis-of-${owner}`);
  cleanUp(() => redis.stop());
  return redis;
}
