import type { Decision, Problem, Transaction } from '@fraud/contract';
import { Pool } from 'undici';
import { UserError } from '../user-error.js';

/** What a server made of one transaction. */
export type Answer =
  | { readonly kind: 'decided'; readonly decision: Decision; readonly replayed: boolean }
  /** `code`: of the problem document, `http_<status>`, or of the connection's failure. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly problem: Problem | null;
      /** Nobody answered, so there is no time that it took. */
      readonly unanswered?: boolean;
    };

export type BatchAnswer =
  | { readonly kind: 'decided'; readonly entries: readonly (Decision | Problem)[] }
  | { readonly kind: 'failed'; readonly code: string; readonly problem: Problem | null };

/** The HTTP API, seen from a caller. Failures are answers: a load run goes on. */
export class DecisionClient {
  private readonly pool: Pool;
  private readonly prefix: string;

  /** @param url such as `http://127.0.0.1:8000`; a path is put before the API's */
  constructor(
    private readonly url: string,
    connections: number,
  ) {
    const { origin, pathname } = new URL(url);
    this.pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
    this.prefix = pathname.replace(/\/+$/, '');
  }

  /** @throws UserError when nothing answers there */
  async requireServer(): Promise<void> {
    try {
      const { body } = await this.pool.request({ path: `${this.prefix}/ready`, method: 'GET' });
      await body.dump();
    } catch (cause) {
      throw new UserError(`No server answers at ${this.url} (${codeOf(cause)}): is it running? npm start`, {
        cause,
      });
    }
  }

  async decide(transaction: Transaction): Promise<Answer> {
    const answer = await this.post('/v1/decisions', transaction);
    if (answer.kind === 'failed') return answer;
    return { kind: 'decided', decision: answer.body as Decision, replayed: answer.replayed };
  }

  async decideBatch(transactions: readonly unknown[]): Promise<BatchAnswer> {
    const answer = await this.post('/v1/decisions/batch', { transactions });
    if (answer.kind === 'failed') return answer;
    return { kind: 'decided', entries: (answer.body as { decisions: (Decision | Problem)[] }).decisions };
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async post(
    path: string,
    content: unknown,
  ): Promise<
    | { kind: 'answered'; body: unknown; replayed: boolean }
    | { kind: 'failed'; code: string; problem: Problem | null }
  > {
    try {
      const { statusCode, headers, body } = await this.pool.request({
        path: this.prefix + path,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(content),
      });
      const text = await body.text();
      const json: unknown = text.startsWith('{') ? JSON.parse(text) : null;
      if (statusCode === 200 && json !== null) {
        return { kind: 'answered', body: json, replayed: headers['idempotent-replayed'] === 'true' };
      }
      const problem = json as Problem | null;
      return { kind: 'failed', code: problem?.code ?? `http_${statusCode}`, problem };
    } catch (error) {
      return { kind: 'failed', code: codeOf(error), problem: null };
    }
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message ?? error);
}
