import { writeFile } from 'node:fs/promises';
import { verdictOf, type Verdict } from '@fraud/drift';
import { loadConfig } from '@fraud/platform';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';
import { driftHtml } from './drift-html.js';
import type { DriftSamples, SampleWindow } from './drift-sample.js';
import { driftText } from './drift-text.js';
import { driftFromPrometheus } from './from-prometheus.js';
import { driftFromRecords } from './from-records.js';
import { driftFromServer } from './from-server.js';

export interface DriftOptions {
  readonly url: string;
  readonly prometheus?: string;
  readonly records?: true;
  readonly window: SampleWindow;
  readonly from?: string;
  readonly to?: string;
  readonly html?: string;
  readonly json?: true;
}

const LINE_EVERY_MS = 2000;
const DAY_MS = 86_400_000;
const EXIT_CODES: Readonly<Record<Verdict, number>> = { calm: 0, drift: 1, insufficient: 2 };
/** Nothing could be looked at: not the same as calm, and not as drift. */
const EXIT_UNKNOWN = 3;

/** Looks for drift, reports, and ends with 0 (calm), 1 (drift), 2 (too few rows), or 3 (could not look). */
export async function checkDrift(options: DriftOptions): Promise<void> {
  const { html, json } = options;
  process.exitCode = EXIT_UNKNOWN;
  const samples = await samplesOf(options);
  if (samples.models.length === 0)
    throw new UserError(
      `${samples.source}: no model decides that names the rows which it was trained on (drift_reference in manifest.json).`,
    );
  const verdict = verdictOf(samples.models.flatMap(({ features }) => features));
  const now = new Date().toISOString();
  if (html !== undefined) await writeFile(html, driftHtml(samples, now));
  process.stdout.write(
    `${json === true ? JSON.stringify({ verdict, made_at: now, ...samples }, null, 2) : driftText(samples)}\n`,
  );
  if (html !== undefined) process.stderr.write(`Report: ${html}\n`);
  process.exitCode = EXIT_CODES[verdict];
}

async function samplesOf(options: DriftOptions): Promise<DriftSamples> {
  const { url, prometheus, records, window, from, to } = options;
  if (records !== true) {
    if (from !== undefined || to !== undefined) throw new UserError('--from and --to go with --records');
    return await (prometheus === undefined
      ? driftFromServer(url, window, loadConfig().ADMIN_TOKEN)
      : driftFromPrometheus(prometheus, window));
  }
  const toMs = to === undefined ? Date.now() : Date.parse(to);
  const fromMs = from === undefined ? toMs - DAY_MS : Date.parse(from);
  const live = new LiveLine();
  let shownAt = performance.now();
  try {
    return await driftFromRecords(loadConfig(), fromMs, toMs, (rows) => {
      const now = performance.now();
      if (now - shownAt < LINE_EVERY_MS) return;
      shownAt = now;
      live.show(`${whole(rows)} decisions read`);
    });
  } finally {
    live.end();
  }
}
