import { writeFile } from 'node:fs/promises';
import { loadConfig } from '@fraud/platform';
import type { QualityReport, ScoreReport } from '@fraud/records';
import type { AskedThreshold } from '../argument-parsers.js';
import { bodyOrAdvice } from '../http/advice.js';
import { ApiClient } from '../http/api-client.js';
import { qualityHtml } from './quality-html.js';
import { qualityText } from './quality-table.js';
import { scoreText } from './score-text.js';

export interface QualityOptions {
  readonly url: string;
  readonly from?: string;
  readonly to?: string;
  readonly horizon?: number;
  readonly threshold?: readonly AskedThreshold[];
  readonly html?: string;
  readonly json?: true;
}

/** Asks a server how good its decisions were, and says so: by week, by score, and by threshold. */
export async function evaluateDecisions(options: QualityOptions): Promise<void> {
  const { quality, scores } = await ask(options);
  const { html, json } = options;
  if (html !== undefined) await writeFile(html, qualityHtml(quality, scores));
  process.stdout.write(
    `${json === true ? JSON.stringify({ ...quality, scores }, null, 2) : text(quality, scores)}\n`,
  );
  if (html !== undefined) process.stderr.write(`Report: ${html}\n`);
}

async function ask({ url, from, to, horizon, threshold = [] }: QualityOptions): Promise<{
  readonly quality: QualityReport;
  readonly scores: ScoreReport;
}> {
  const query = new URLSearchParams();
  if (from !== undefined) query.set('from', from);
  if (to !== undefined) query.set('to', to);
  if (horizon !== undefined) query.set('horizon_days', String(horizon));
  const asked = new URLSearchParams(query);
  for (const [name, some] of Map.groupBy(threshold, (one) => one.name))
    asked.set(name, some.map(({ value }) => value).join(','));
  const client = new ApiClient(url, 1, loadConfig().ADMIN_TOKEN);
  try {
    await client.requireServer();
    const get = async (path: string): Promise<unknown> => bodyOrAdvice(await client.get(path), 'evaluate');
    return {
      quality: (await get(`/v1/quality?${query.toString()}`)) as QualityReport,
      scores: (await get(`/v1/quality/scores?${asked.toString()}`)) as ScoreReport,
    };
  } finally {
    await client.close();
  }
}

/** The weeks alone where nothing was decided. */
const text = (quality: QualityReport, scores: ScoreReport): string =>
  quality.weeks.length === 0 ? qualityText(quality) : `${qualityText(quality)}\n\n${scoreText(scores)}`;
