import type { Socket } from 'node:net';
import type { Cluster } from '@fraud/platform';
import type { Script } from './scripts.js';

type Argument = string | number | Buffer;

/** Runs a script on the node of its keys; a node that does not know it (it was restarted, it is new) is told it first. */
export async function run(
  cluster: Cluster,
  { text, sha1 }: Script,
  keys: readonly string[],
  ...args: readonly Argument[]
): Promise<unknown> {
  try {
    return await cluster.callBuffer('EVALSHA', sha1, keys.length, ...keys, ...args);
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.startsWith('NOSCRIPT'))) throw cause;
    return await cluster.callBuffer('EVAL', text, keys.length, ...keys, ...args);
  }
}

/** What is sent meanwhile leaves in one write to each node. */
export function together<T>(cluster: Cluster, send: () => T): T {
  const streams = cluster.nodes('master').map(({ stream }) => stream as Socket | undefined);
  for (const stream of streams) stream?.cork();
  try {
    return send();
  } finally {
    for (const stream of streams) stream?.uncork();
  }
}

/** The node has refused it, so it was not carried out. Anything else that fails may have been. */
export const isRefused = (cause: unknown): boolean => cause instanceof Error && cause.name === 'ReplyError';

/** All replies, once all are there, failed or not. @throws the first failure */
export async function all<T>(replies: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(replies);
  return await Promise.all(replies);
}
