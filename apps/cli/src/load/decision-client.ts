import type { Decision, Problem, Transaction } from '@fraud/contract';
import { ApiClient } from '../http/api-client.js';

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

/** The routes of decisions, seen from a caller. Failures are answers: a load run goes on. */
export class DecisionClient {
  private readonly api: ApiClient;

  /** @param url such as `http://127.0.0.1:8000`; a path is put before the API's */
  constructor(url: string, connections: number) {
    this.api = new ApiClient(url, connections);
  }

  /** @throws UserError when nothing answers there */
  requireServer(): Promise<void> {
    return this.api.requireServer();
  }

  async decide(transaction: Transaction): Promise<Answer> {
    const answer = await this.api.post('/v1/decisions', transaction);
    if (answer.kind === 'failed') return answer;
    const replayed = answer.header('idempotent-replayed') === 'true';
    return { kind: 'decided', decision: answer.body as Decision, replayed };
  }

  async decideBatch(transactions: readonly unknown[]): Promise<BatchAnswer> {
    const answer = await this.api.post('/v1/decisions/batch', { transactions });
    if (answer.kind === 'failed') return answer;
    return { kind: 'decided', entries: (answer.body as { decisions: (Decision | Problem)[] }).decisions };
  }

  close(): Promise<void> {
    return this.api.close();
  }
}
