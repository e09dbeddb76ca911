import { REFUSALS } from '@fraud/model';
import { code, markdownTable } from './markdown-table.js';

/** The closed list of reasons to refuse a model. */
export function refusalTable(): string {
  return markdownTable(
    ['Code', 'What is wrong', 'What helps'],
    Object.entries(REFUSALS).map(([name, { meaning, advice }]) => [code(name), meaning, advice]),
  );
}
