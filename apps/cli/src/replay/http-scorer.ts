import type { Problem } from '@fraud/contract';
import { DecisionClient } from '../load/decision-client.js';
import { UserError } from '../user-error.js';
import { type Scorer, toVerdict, type Verdict } from './scorer.js';

/**
 * A server's batch endpoint. It refuses a whole batch for one row that is not valid; the rows that its answer names
 * are counted as refused here and the others sent again, so that the outcome is that of the pipeline in process.
 * @throws UserError when nothing answers at the address
 */
export async function httpScorer(url: string): Promise<Scorer> {
  const client = new DecisionClient(url, 1);
  await client.requireServer();
  return { score: (bodies) => scoreBatch(client, bodies), close: () => client.close() };
}

/** Only the part of the client that is needed, so that tests can stand in. */
export async function scoreBatch(
  client: Pick<DecisionClient, 'decideBatch'>,
  bodies: readonly unknown[],
): Promise<readonly Verdict[]> {
  const answer = await client.decideBatch(bodies);
  if (answer.kind === 'decided') {
    if (answer.entries.length !== bodies.length) {
      throw new UserError(`The server answered ${answer.entries.length} of ${bodies.length} transactions`);
    }
    return answer.entries.map(toVerdict);
  }
  const refused = refusedRows(answer.problem);
  if (refused.size === 0) return await failed(client, bodies, answer.code);
  const rest = bodies.filter((_, i) => !refused.has(i));
  const verdicts = rest.length === 0 ? [] : await scoreBatch(client, rest);
  let next = 0;
  return bodies.map((_, i) => {
    const code = refused.get(i);
    return code === undefined ? verdicts[next++]! : { refused: code };
  });
}

/** A batch that failed for another reason, such as its size, is tried in halves; a single row takes the code. */
async function failed(
  client: Pick<DecisionClient, 'decideBatch'>,
  bodies: readonly unknown[],
  code: string,
): Promise<readonly Verdict[]> {
  if (bodies.length === 1 || code !== 'payload_too_large') return bodies.map(() => ({ refused: code }));
  const half = Math.ceil(bodies.length / 2);
  return [
    ...(await scoreBatch(client, bodies.slice(0, half))),
    ...(await scoreBatch(client, bodies.slice(half))),
  ];
}

/** Row numbers that a problem names (`transactions[3].amount`), with the code of each. */
function refusedRows(problem: Problem | null): Map<number, string> {
  const rows = new Map<number, string>();
  for (const { field, code } of problem?.errors ?? []) {
    const row = /^transactions\[(\d+)\]/.exec(field)?.[1];
    if (row === undefined || rows.get(Number(row)) === 'card_number_refused') continue;
    rows.set(Number(row), code === 'card_number_refused' ? code : 'invalid_transaction');
  }
  return rows;
}
