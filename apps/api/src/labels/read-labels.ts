import { problem, type InvalidLabel, type ParsedLabel, type Problem } from '@fraud/contract';
import { readList } from '../read-list.js';

/** Most labels of one batch. */
export const MAX_LABELS = 1000;

/** Reads one label, or `{ "labels": [...] }`: all of them valid, or the problem that names every wrong field. */
export function readLabels(
  body: unknown,
  parse: (value: unknown, path: string) => ParsedLabel | InvalidLabel,
): { labels: readonly ParsedLabel[] } | { problem: Problem } {
  if (typeof body === 'object' && body !== null && 'labels' in body) {
    const read = readList<ParsedLabel>(body, 'labels', MAX_LABELS, parse);
    if (read.ok) return { labels: read.entries };
    return { problem: problem('invalid_labels', { errors: read.errors }) };
  }
  const parsed = parse(body, '');
  if (parsed.ok) return { labels: [parsed] };
  return { problem: problem(parsed.code, { errors: parsed.errors }) };
}
