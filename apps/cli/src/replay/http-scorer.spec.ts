import type { Decision, Problem } from '@fraud/contract';
import { problem } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchAnswer } from '../load/decision-client.js';
import { scoreBatch } from './http-scorer.js';

interface Body {
  readonly id: number;
  readonly valid: boolean;
}

/** A server that refuses a batch for one row that is not valid, and bodies of more than `limit` rows. */
function server(limit = 500): {
  decideBatch(bodies: readonly unknown[]): Promise<BatchAnswer>;
  calls: number;
} {
  return {
    calls: 0,
    async decideBatch(bodies) {
      this.calls++;
      const rows = bodies as readonly Body[];
      if (rows.length > limit) return refuse(problem('payload_too_large'));
      const errors = rows.flatMap(({ valid }, i) =>
        valid ? [] : [{ field: `transactions[${i}].amount`, code: 'type', message: 'must be integer' }],
      );
      if (errors.length > 0) return refuse(problem('invalid_batch', { errors }));
      return {
        kind: 'decided',
        entries: rows.map(({ id }) => ({ decision_id: String(id) }) as unknown as Decision),
      };
    },
  };
}

const refuse = (p: Problem): BatchAnswer => ({ kind: 'failed', code: p.code, problem: p });

describe('scoreBatch', () => {
  it('gives each valid row its decision and each other row its code, in order', async () => {
    const bodies = fc
      .array(fc.boolean(), { minLength: 1, maxLength: 30 })
      .map((list) => list.map((valid, id): Body => ({ id, valid })));
    await fc.assert(
      fc.asyncProperty(bodies, async (list) => {
        const verdicts = await scoreBatch(server(), list);
        expect(verdicts).toEqual(
          list.map(({ id, valid }) =>
            valid ? { decision: { decision_id: String(id) } } : { refused: 'invalid_transaction' },
          ),
        );
      }),
    );
  });

  it('halves a batch that is too large', async () => {
    const list = Array.from({ length: 9 }, (_, id): Body => ({ id, valid: true }));
    expect(await scoreBatch(server(4), list)).toHaveLength(9);
  });

  it('gives every row the code of a failure that names none', async () => {
    const down = {
      decideBatch: async (): Promise<BatchAnswer> => ({
        kind: 'failed',
        code: 'ECONNREFUSED',
        problem: null,
      }),
    };
    expect(await scoreBatch(down, [1, 2])).toEqual([
      { refused: 'ECONNREFUSED' },
      { refused: 'ECONNREFUSED' },
    ]);
  });

  it('counts a conflict inside an accepted batch as refused', async () => {
    const conflict = problem('transaction_conflict');
    const answer = async (): Promise<BatchAnswer> => ({ kind: 'decided', entries: [conflict] });
    expect(await scoreBatch({ decideBatch: answer }, [1])).toEqual([{ refused: 'transaction_conflict' }]);
  });
});
