import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives this thread a lower priority than the one that answers: where cores are short, records wait and answers do not. Only where the
 * system has priorities by thread (Linux).
 */
export function giveWay(): void {
  try {
    const thread = Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1]);
    if (thread > 0) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is as it was, then.
  }
}
