import { writeFile } from 'node:fs/promises';
import { loadFxTable, Pseudonyms } from '@fraud/features';
import { loadConfig, type Config } from '@fraud/platform';
import { DecisionReplay, type Strategy } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';
import { openRecorded } from '../replay/recorded-traffic.js';
import { LiveLine } from '../report/live-line.js';
import { percent, whole } from '../report/table.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';
import { fileTraffic } from './file-traffic.js';
import type { PastTraffic } from './past-traffic.js';
import { periodOf, type Period } from './period.js';
import { recordTraffic } from './record-traffic.js';
import { backtestHtml } from './report-html.js';
import { backtestText } from './report-text.js';
import { runBacktest, type Run } from './run.js';
import { openStrategies } from './strategies.js';
import { summarize, type BacktestSummary, type DecidedBy } from './summary.js';

const LINE_EVERY_MS = 5000;

export interface BacktestOptions {
  readonly from?: string;
  readonly to?: string;
  readonly warmup: number;
  readonly model?: string;
  readonly policy?: string;
  readonly labels?: string;
  readonly labelDelay: number;
  readonly maturity: number;
  readonly withoutLabels?: true;
  readonly html?: string;
  readonly json?: true;
}

/** Replays the past through another model, another policy or both, and says what would have been decided. */
export async function backtest(files: readonly string[], options: BacktestOptions): Promise<void> {
  const config = loadConfig();
  const period = periodOf(options.from, options.to, options.warmup);
  if (files.length > 0 && options.model === undefined && options.policy === undefined)
    throw new UserError(
      'Nothing to compare: give --model, --policy or both. A file does not say what was decided.',
    );
  const source = await openSource(config, files, options, period);
  try {
    await judge(config, source.traffic, files.length > 0, period, options);
  } finally {
    await source.close();
  }
}

async function openSource(
  config: Config,
  files: readonly string[],
  options: BacktestOptions,
  period: Period,
): Promise<{ traffic: PastTraffic; close(): Promise<void> }> {
  if (files.length > 0) {
    const recorded = await openRecorded(
      files,
      options.withoutLabels === true ? undefined : (options.labels ?? true),
    );
    return { traffic: fileTraffic(recorded, files, options.labelDelay), close: async () => undefined };
  }
  const records = await openRecords(config);
  return {
    traffic: recordTraffic(records.reader, period, { maturityMs: options.maturity, nowMs: Date.now() }),
    close: () => records.close(),
  };
}

async function judge(
  config: Config,
  traffic: PastTraffic,
  fromFile: boolean,
  period: Period,
  options: BacktestOptions,
): Promise<void> {
  const strategies = await openStrategies(config, options);
  const { candidate, current } = strategies;
  const fx = loadFxTable(config.FX_FILE);
  const tables = { fx, pseudonyms: new Pseudonyms(config.PSEUDONYM_KEY) };
  const replay = new DecisionReplay(tables, fromFile ? [current, candidate] : [candidate]);
  const stop = stopSignal();
  const live = new LiveLine();
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let lineAt = startedAt + (live.inPlace ? 0 : LINE_EVERY_MS);
  let run: Run;
  let rows = 0;
  try {
    run = await runBacktest(traffic, replay, {
      period,
      toReference: (amount, currency) => fx.convert(amount, currency),
      needsLabels: fromFile && options.withoutLabels !== true,
      stopped: () => stop.signal.aborted,
      show: (taken, atMs) => {
        rows = taken;
        const now = performance.now();
        if (now < lineAt) return;
        lineAt = now + (live.inPlace ? 500 : LINE_EVERY_MS);
        live.show(progress(taken, atMs, now - startedAt, traffic.share()));
      },
    });
  } finally {
    live.end();
    stop.forget();
    await replay.close();
    await strategies.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  const summary = summarize(run.tally, {
    ...run,
    madeAt: new Date(),
    source: traffic.origin,
    refused: traffic.refused,
    was: fromFile ? decidedBy(current) : null,
    wouldBe: decidedBy(candidate),
  });
  if (options.html !== undefined) await writeFile(options.html, backtestHtml(summary));
  process.stdout.write(
    `${options.json === true ? JSON.stringify(summary, null, 2) : text(summary, rows, seconds, (user + system) / 1e6)}\n`,
  );
  if (options.html !== undefined) process.stderr.write(`Report: ${options.html}\n`);
}

function text(summary: BacktestSummary, rows: number, seconds: number, cpuSeconds: number): string {
  const took =
    `Took ${seconds.toFixed(1)} s for ${whole(rows)} transactions: ${whole(rows / seconds)} a second, ` +
    `${whole(rows / cpuSeconds)} a second of processor time`;
  return `${backtestText(summary)}\n\n${took}`;
}

const decidedBy = ({ model, policyVersion }: Strategy): DecidedBy => ({
  model: model.manifest.version,
  model_sha256: model.manifest.model.sha256.slice(0, 12),
  policy: policyVersion,
});

function progress(rows: number, atMs: number, elapsedMs: number, share: number | null): string {
  const done = share === null ? '' : `${percent(share)} read, `;
  const rate = whole((rows * 1000) / Math.max(1, elapsedMs));
  return `${done}${whole(rows)} transactions, at ${new Date(atMs).toISOString().slice(0, 10)}, ${rate} a second`;
}
