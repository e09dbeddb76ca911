import { createHash } from 'node:crypto';
import type { Rollout } from '@fraud/platform';

/** Parts of all cards that a share is counted in: hundredths of a percent. */
const PARTS = 10_000;

/**
 * Which cards get the other model: the same in every process, in every turn, and as the share grows those that had it keep it.
 * Each version has cards of its own, so that no cardholder is always the first.
 */
export class RolloutShare {
  private readonly salt: number;
  private readonly limit: number;

  constructor({ version, percent }: Rollout) {
    this.salt = createHash('sha256').update(version).digest().readUInt32LE();
    this.limit = Math.round((percent / 100) * PARTS);
  }

  has(cardId: string): boolean {
    // FNV-1a, then a mix (murmur's): its low bits alone would follow the last character.
    let hash = (0x811c9dc5 ^ this.salt) >>> 0;
    for (let i = 0; i < cardId.length; i++) hash = Math.imul(hash ^ cardId.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) % PARTS < this.limit;
  }
}
