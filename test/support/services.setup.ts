import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startServices } from '../../scripts/lib/services/for-tests.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Shared by all test files of a run: keep to keys of your own. */
    redisUrl: string;
    /** host:port of one broker, likewise shared: keep to topics and groups of your own. It creates none by itself. */
    kafkaBrokers: string;
    /** A database that is shared likewise: keep to one of your own, by `emptyPostgres`. */
    postgresUrl: string;
  }
}

type Services = Awaited<ReturnType<typeof startServices>>;

interface Shared {
  services: Promise<Services>;
  users: number;
}

/** Each project loads this module anew, so what they share hangs on the process. */
const shared = globalThis as typeof globalThis & { fraudTestServices?: Shared | undefined };

export async function setup(project: TestProject): Promise<void> {
  shared.fraudTestServices ??= { services: bringUp(), users: 0 };
  shared.fraudTestServices.users += 1;
  const { urls } = await shared.fraudTestServices.services;
  project.provide('redisUrl', urls['redis'] ?? '');
  project.provide('kafkaBrokers', urls['kafka'] ?? '');
  project.provide('postgresUrl', urls['postgres'] ?? '');
}

export async function teardown(): Promise<void> {
  const current = shared.fraudTestServices;
  if (!current) return;
  current.users -= 1;
  if (current.users > 0) return;
  shared.fraudTestServices = undefined;
  await (await current.services).stop();
}

async function bringUp(): Promise<Services> {
  return startServices(['redis', 'kafka', 'postgres'], await mkdtemp(path.join(tmpdir(), 'fraud-services-')));
}
