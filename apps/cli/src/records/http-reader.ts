import { parseInstant } from '@fraud/contract';
import {
  type BypassEntry,
  type BypassPage,
  type BypassQuery,
  type DecisionRecord,
  type LabelRecord,
  type QualityData,
  type RecordsPage,
  type RecordsQuery,
  type RecordsReader,
  type ScoreData,
} from '@fraud/records';
import { ApiClient, type ApiAnswer } from '../http/api-client.js';
import { UserError } from '../user-error.js';

const DAY_MS = 86_400_000;
const MOST_ON_A_PAGE = 500;
const MOST_LABELS = 100;

/** Records, read from a server that has them open. */
export class HttpReader implements RecordsReader {
  constructor(private readonly client: ApiClient) {}

  async get(decisionId: string): Promise<DecisionRecord | null> {
    const answer = await this.client.get(`/v1/decisions/${encodeURIComponent(decisionId)}`);
    if (answer.kind === 'failed' && answer.code === 'decision_not_found') return null;
    return bodyOf(answer) as DecisionRecord;
  }

  async page(query: RecordsQuery): Promise<RecordsPage> {
    const { transactionId, cardId, decision, source, fromMs, toMs, order, limit, cursor } = query;
    return await this.pageAt('/v1/decisions', {
      transaction_id: transactionId,
      card_id: cardId,
      decision,
      source,
      from: momentOf(fromMs),
      to: momentOf(toMs),
      order,
      limit: Math.min(limit, MOST_ON_A_PAGE),
      cursor,
    });
  }

  async history(decisionId: string, withinMs: number, _limit: number, cursor?: string): Promise<RecordsPage> {
    const path = `/v1/decisions/${encodeURIComponent(decisionId)}/history`;
    return await this.pageAt(path, { within_days: Math.ceil(withinMs / DAY_MS), cursor });
  }

  async artefact(name: string, version: string): Promise<string | null> {
    const answer = await this.client.get(`/v1/artefacts/${name}/${encodeURIComponent(version)}`);
    if (answer.kind === 'failed' && answer.code === 'not_found') return null;
    return (bodyOf(answer) as { content: string }).content;
  }

  async bypassed({ fromMs, toMs, limit, cursor }: BypassQuery): Promise<BypassPage> {
    const path = pathWith('/v1/bypass/ledger', {
      from: momentOf(fromMs),
      to: momentOf(toMs),
      limit: Math.min(limit, MOST_ON_A_PAGE),
      cursor,
    });
    const body = bodyOf(await this.client.get(path)) as {
      entries: BypassEntry[];
      next_cursor: string | null;
    };
    return { entries: body.entries, next: body.next_cursor };
  }

  async labels(transactionIds: readonly string[]): Promise<readonly LabelRecord[]> {
    const found: LabelRecord[] = [];
    for (let from = 0; from < transactionIds.length; from += MOST_LABELS) {
      const some = transactionIds.slice(from, from + MOST_LABELS);
      const query = some.map((id) => `transaction_id=${encodeURIComponent(id)}`).join('&');
      const { labels } = bodyOf(await this.client.get(`/v1/labels?${query}`)) as {
        labels: (Omit<LabelRecord, 'fraud'> & { label: string })[];
      };
      for (const { label, ...rest } of labels) found.push({ ...rest, fraud: label === 'fraud' });
    }
    return found;
  }

  quality(): Promise<QualityData> {
    return Promise.reject(new UserError('quality is asked of a server by `npm run evaluate`'));
  }

  scores(): Promise<ScoreData> {
    return Promise.reject(new UserError('scores are asked of a server by `npm run evaluate`'));
  }

  private async pageAt(
    path: string,
    parameters: Record<string, string | number | undefined>,
  ): Promise<RecordsPage> {
    const body = bodyOf(await this.client.get(pathWith(path, parameters))) as {
      decisions: DecisionRecord[];
      next_cursor: string | null;
    };
    return { records: body.decisions, next: body.next_cursor };
  }
}

function pathWith(path: string, parameters: Record<string, string | number | undefined>): string {
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`);
  return `${path}?${query.join('&')}`;
}

const momentOf = (ms: number | undefined): string | undefined =>
  ms === undefined || parseInstant(new Date(ms).toISOString()) === null
    ? undefined
    : new Date(ms).toISOString();

function bodyOf(answer: ApiAnswer): unknown {
  if (answer.kind === 'answered') return answer.body;
  const { code, problem } = answer;
  throw new UserError(
    `The server does not show its records (${code}${problem === null ? '' : `: ${problem.title}`}): it must run on this machine, or ADMIN_TOKEN must be set here and there`,
  );
}
