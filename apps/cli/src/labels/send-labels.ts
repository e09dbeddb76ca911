import { setTimeout as sleep } from 'node:timers/promises';
import type { Label } from '@fraud/contract';
import type { ApiClient } from '../http/api-client.js';
import { UserError } from '../user-error.js';

/** A label, and the line that it stands in. */
export interface LabelOfLine {
  readonly line: number;
  readonly label: Label;
}

/** A server whose records take nothing is asked so often again. */
const MOST_TRIES = 12;
const PAUSE_S = 5;

/**
 * Sends labels that a server takes together, all or none.
 * @param before labels that it has taken already, for the message
 * @throws UserError where it does not take them
 */
export async function sendLabels(
  client: Pick<ApiClient, 'post'>,
  batch: readonly LabelOfLine[],
  before: number,
  pauseScale = 1000,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await client.post('/v1/labels', { labels: batch.map(({ label }) => label) });
    if (answer.kind === 'answered') return;
    if (answer.code === 'records_unavailable' && attempt < MOST_TRIES) {
      await sleep((answer.retryAfterS ?? PAUSE_S) * pauseScale);
      continue;
    }
    const errors = answer.problem?.errors ?? [];
    const faults = errors.slice(0, 10).map(({ field, message }) => `\n  ${inFile(field, batch)} ${message}`);
    throw new UserError(
      `The server did not take the labels of lines ${batch[0]?.line} to ${batch.at(-1)?.line}: ` +
        `${answer.code}${answer.problem === null ? '' : `, ${answer.problem.title}`}${faults.join('')}\n` +
        `It has taken ${before} labels before them. Run it again: a label that is told again changes nothing.`,
    );
  }
}

/** `labels[3].source` as `line 17: source`. */
function inFile(field: string, batch: readonly LabelOfLine[]): string {
  const [, index, name] = /^labels\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
  const line = index === undefined ? undefined : batch[Number(index)]?.line;
  return line === undefined ? field : `line ${line}: ${name}`;
}
