import type { Cluster } from '@fraud/platform';
import { bytes, unexpected } from '../redis-turn.js';
import type { StateRead } from '../store.js';
import { run } from './commands.js';
import { CARD_SCRIPT, VISIT_SCRIPT } from './scripts.js';

const APPENDED = '1'.charCodeAt(0);

/**
 * Appends rows to the log of their card, and reads it.
 * @param rows which of the reads
 * @param appended where it is noted which of them are new
 */
export async function appendToCard(
  cluster: Cluster,
  card: string,
  reads: readonly StateRead[],
  rows: readonly number[],
  appended: boolean[],
): Promise<Buffer | null> {
  if (rows.length === 0) return await cluster.getBuffer(card);
  const events = Buffer.concat(rows.map((row) => reads[row]!.cardEvent));
  const reply = await run(cluster, CARD_SCRIPT, [card], events);
  const [flags, log] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (!Buffer.isBuffer(flags) || flags.length !== rows.length) throw unexpected();
  for (let i = 0; i < rows.length; i++) appended[rows[i]!] = flags[i] === APPENDED;
  return bytes(log);
}

/** Appends visits to the log of a device or an address, and reads it. */
export async function appendVisits(
  cluster: Cluster,
  log: string,
  cap: number,
  visits: readonly Buffer[],
): Promise<Buffer | null> {
  if (visits.length === 0) return await cluster.getBuffer(log);
  return bytes(await run(cluster, VISIT_SCRIPT, [log], cap, Buffer.concat(visits)));
}

/** Values by key, in their order. */
export function grouped<V>(entries: readonly (readonly [string, V])[]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const [name, value] of entries) {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}
