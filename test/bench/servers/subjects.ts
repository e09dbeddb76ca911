import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SubjectName } from '../plan.js';
import { RedisServer } from './redis.js';
import { startServer, type Server } from './server.js';

/** A server under test with what the measures need to know of it. */
export interface Subject {
  readonly name: SubjectName;
  readonly server: Server;
  readonly redis: RedisServer | null;
  /** What a whole answer contains; null for the echo. */
  readonly wholeAnswer: string | null;
  /** Every subject gets the same sequence of transactions, from its own place in it. */
  nextTransaction: number;
}

const ECHO = fileURLToPath(new URL('echo.ts', import.meta.url));

/**
 * Starts the wanted servers; all of them run, one at a time is loaded.
 * @param cleanUp gets what stops each process, in the order in which they started
 */
export async function startSubjects(
  names: readonly SubjectName[],
  api: string,
  directory: string,
  cleanUp: (() => Promise<void>)[],
): Promise<Subject[]> {
  if (names.some((name) => name !== 'echo') && !existsSync(api)) {
    throw new Error(`${api} does not exist: run \`npm run build\` first`);
  }
  // A Redis that the environment names holds other data, does other work, and is not for the embedded variant.
  delete process.env['REDIS_URL'];
  const subjects: Subject[] = [];
  for (const name of names) {
    const redis = name === 'redis' ? await RedisServer.start(directory) : null;
    if (redis !== null) cleanUp.push(() => redis.stop());
    const server = await startServer(
      name === 'echo' ? ECHO : api,
      { LOG_LEVEL: 'warn', ...(redis === null ? {} : { REDIS_URL: redis.url }) },
      directory,
    );
    cleanUp.push(() => server.stop());
    const wholeAnswer = name === 'echo' ? null : '"degraded":[]';
    subjects.push({ name, server, redis, wholeAnswer, nextTransaction: 0 });
  }
  return subjects;
}
