import { OUTCOMES, SOURCES } from '@fraud/contract';
import type { RecordsFilter, RecordsQuery } from '@fraud/records';
import { Parameters } from '../parameters.js';
import { FORMATS, type Format } from './export.js';

export const MOST_ON_A_PAGE = 500;
const USUAL_ON_A_PAGE = 50;
const DAY_MS = 86_400_000;
/** As far as histories reach. */
export const HISTORY_DAYS = 45;

type Given = Readonly<Record<string, unknown>>;

const FILTERS = ['transaction_id', 'card_id', 'decision', 'source', 'from', 'to', 'order'] as const;

/** @throws ProblemError that names every parameter that is wrong */
export function readPageQuery(parameters: Given): RecordsQuery {
  const read = new Parameters(parameters, [...FILTERS, 'limit', 'cursor']);
  const query = {
    ...filterOf(read),
    order: read.choice('order', ['newest', 'oldest'] as const) ?? 'newest',
    limit: read.whole('limit', 1, MOST_ON_A_PAGE, USUAL_ON_A_PAGE),
    ...given('cursor', read.text('cursor')),
  };
  return read.valid(query);
}

/** @throws ProblemError that names every parameter that is wrong */
export function readExportQuery(parameters: Given): {
  readonly format: Format;
  readonly query: RecordsQuery;
} {
  const read = new Parameters(parameters, [...FILTERS, 'format']);
  const formats = Object.keys(FORMATS) as Format[];
  const order = read.choice('order', ['newest', 'oldest'] as const) ?? 'oldest';
  const query = { ...filterOf(read), order, limit: MOST_ON_A_PAGE };
  return read.valid({ format: read.choice('format', formats) ?? 'ndjson', query });
}

/** @throws ProblemError that names every parameter that is wrong */
export function readHistoryQuery(parameters: Given): { readonly withinMs: number; readonly cursor?: string } {
  const read = new Parameters(parameters, ['within_days', 'cursor']);
  const withinMs = read.whole('within_days', 1, 3650, HISTORY_DAYS) * DAY_MS;
  return read.valid({ withinMs, ...given('cursor', read.text('cursor')) });
}

function filterOf(read: Parameters): RecordsFilter {
  return {
    ...given('transactionId', read.text('transaction_id')),
    ...given('cardId', read.text('card_id')),
    ...given('decision', read.choice('decision', OUTCOMES)),
    ...given('source', read.choice('source', SOURCES)),
    ...given('fromMs', read.moment('from')),
    ...given('toMs', read.moment('to')),
  };
}

/** What is not given is not there. */
const given = <K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };
