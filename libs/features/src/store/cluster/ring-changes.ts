import { key, PREFIX } from '../redis-turn.js';
import { CHANGE_BYTES, MARKER_TTL_S } from './scripts.js';

/** One more transaction, or what became known of one, in a ring. */
export interface RingChange {
  readonly ring: string;
  /** Tells this change from all others of the ring. */
  readonly id: string;
  readonly timeMs: number;
  readonly amount: number;
  readonly transactions: 0 | 1;
  readonly frauds: -1 | 0 | 1;
}

interface Owed extends RingChange {
  /** When it was sent first and nothing came back, ms; null: it was certainly not made. */
  unknownSince: number | null;
}

/** More are not remembered: what is lost then is reported. */
const MAX_OWED = 100_000;
/** Half of the time that a node remembers a change for: it must still know it when it is sent again. */
const RESEND_WITHIN_MS = (MARKER_TTL_S / 2) * 1000;

/**
 * Changes of rings that are still to be made. In a cluster a ring is in another slot than the decision that it follows from,
 * so it changes a trip later, and perhaps much later where its node is away. A change whose outcome is unknown is
 * sent again only as long as the node knows whether it made it: never twice, rather not at all.
 */
export class RingChanges {
  private owed: Owed[] = [];

  /** @param lost told how many changes will never be made */
  constructor(private readonly lost: (changes: number) => void) {}

  /** The rings of a merchant and a terminal owe one and the same change. */
  add(
    { merchantId, terminalId }: { merchantId: string; terminalId: string | null },
    change: Omit<RingChange, 'ring'>,
  ): void {
    this.keep([{ ...change, ring: key('m', merchantId), unknownSince: null }]);
    if (terminalId !== null) this.keep([{ ...change, ring: key('p', terminalId), unknownSince: null }]);
  }

  /** What is to be made now, by ring. */
  take(): ReadonlyMap<string, readonly RingChange[]> {
    const oldest = Date.now() - RESEND_WITHIN_MS;
    const due = this.owed.filter(
      ({ unknownSince, ring, id }) =>
        unknownSince === null || (unknownSince >= oldest && marker(ring, id) !== null),
    );
    if (due.length < this.owed.length) this.lost(this.owed.length - due.length);
    this.owed = [];
    return Map.groupBy(due, ({ ring }) => ring);
  }

  /** @param certain whether they were certainly not made */
  putBack(changes: readonly RingChange[], certain: boolean): void {
    const now = Date.now();
    this.keep(
      (changes as readonly Owed[]).map((one) => ({
        ...one,
        unknownSince: certain ? one.unknownSince : (one.unknownSince ?? now),
      })),
    );
  }

  private keep(changes: readonly Owed[]): void {
    const room = Math.max(0, MAX_OWED - this.owed.length);
    this.owed.push(...changes.slice(0, room));
    if (changes.length > room) this.lost(changes.length - room);
  }
}

/** The arguments of the ring's script: its keys, and the changes. */
export function encodeChanges(
  ring: string,
  changes: readonly RingChange[],
): { keys: string[]; bytes: Buffer } {
  const bytes = Buffer.allocUnsafe(changes.length * CHANGE_BYTES);
  const markers: string[] = [];
  for (let i = 0; i < changes.length; i++) {
    const { id, timeMs, amount, frauds, transactions } = changes[i]!;
    const at = i * CHANGE_BYTES;
    bytes.writeUInt32LE(Math.floor(timeMs / 1000), at);
    bytes.writeDoubleLE(amount, at + 4);
    bytes.writeInt8(frauds, at + 12);
    bytes.writeUInt8(transactions, at + 13);
    const its = marker(ring, id);
    if (its !== null) markers.push(its);
  }
  return { keys: [ring, ...markers], bytes };
}

/**
 * A key in the slot of a ring that says that a change of it was made: what stands between the first braces of a key makes
 * its slot. Null for the rare ring with braces of its own.
 */
function marker(ring: string, id: string): string | null {
  return /[{}]/.test(ring) ? null : `${PREFIX}:n:{${ring}}:${id}`;
}
