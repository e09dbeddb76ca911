import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import type { QualityReport, ScoreReport } from '@fraud/records';
import { simulate } from '@fraud/traffic';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const ROWS = 1500;
const BATCH = 100;
const FROM = '2026-01-05';
const LABELLED_AT = '2026-03-01T09:00:00Z';

/** A transaction of long ago, what was decided, and what is said of it. */
interface Row {
  readonly transaction: Transaction;
  readonly decision: Decision;
  readonly label: 'fraud' | 'legitimate' | null;
}

let directory: string;
let api: ProductProcess;
let rows: Row[];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'fraud-what-ifs-'));
  api = await startApi({ RECORDS: 'on', DATA_DIR: path.join(directory, 'data') });
  rows = await decide();
  const labels = rows.flatMap(({ transaction: { transaction_id }, label }) =>
    label === null ? [] : [{ transaction_id, label, source: 'review', labelled_at: LABELLED_AT }],
  );
  for (let i = 0; i < labels.length; i += 1000)
    await post(`${api.url}/v1/labels`, { labels: labels.slice(i, i + 1000) });
  await post(`${api.url}/v1/decisions`, aTransaction({ occurred_at: new Date().toISOString() }));
  await until(async () => {
    // None while the records are still opening.
    const { weeks = [] } = (await ask('/v1/quality', {})) as Partial<QualityReport>;
    const labelled = weeks.reduce((sum, week) => sum + week.labelled, 0);
    return weeks.reduce((sum, week) => sum + week.decisions, 0) === ROWS + 1 && labelled === labels.length;
  });
});
afterAll(async () => {
  await api.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Simulated traffic in one currency, with a few rows in an unknown one; more frauds than there would be. */
async function decide(): Promise<Row[]> {
  const decided: Row[] = [];
  const transactions: Transaction[] = [];
  const labels: Row['label'][] = [];
  for (const { transaction, label } of simulate({ seed: 7, cards: 60, days: 28 })) {
    const n = transactions.length;
    if (n === ROWS) break;
    transactions.push({ ...transaction, currency: n % 100 === 3 ? 'XTS' : 'EUR' });
    labels.push(label?.fraud === true || n % 20 === 0 ? 'fraud' : n % 7 === 0 ? 'legitimate' : null);
  }
  for (let i = 0; i < ROWS; i += BATCH) {
    const batch = transactions.slice(i, i + BATCH);
    const answer = await post(`${api.url}/v1/decisions/batch`, { transactions: batch });
    const { decisions } = (await answer.json()) as { decisions: Decision[] };
    for (const [j, decision] of decisions.entries())
      decided.push({ transaction: batch[j]!, decision, label: labels[i + j]! });
  }
  return decided;
}

async function ask(route: string, parameters: Record<string, string>): Promise<unknown> {
  const query = new URLSearchParams({ from: FROM, ...parameters }).toString();
  return (await fetch(`${api.url}${route}?${query}`)).json();
}

const scores = async (parameters: Record<string, string> = {}): Promise<ScoreReport> =>
  (await ask('/v1/quality/scores', parameters)) as ScoreReport;
const evaluate = (...more: string[]) => runCli(['evaluate', '--from', FROM, '--url', api.url, ...more]);
const byThresholds = (): Row[] =>
  rows.filter(({ decision: { source, degraded } }) => source === 'model' && degraded.length === 0);
const money = (some: readonly Row[]): number =>
  some.reduce((sum, { transaction: { amount } }) => sum + amount, 0);

describe('what-ifs', () => {
  it('are what one counts over the answers, at thresholds that scores hit to the digit', async () => {
    const moved = byThresholds();
    const byRules = rows.filter(({ decision: { source } }) => source === 'rules');
    const sorted = moved.map(({ decision }) => decision.score!).toSorted((a, b) => a - b);
    const asked = [...new Set([0.5, 0.9, 0.99].map((share) => sorted[Math.floor(share * sorted.length)]!))];
    const { what_ifs, mature_weeks, other_weeks } = await scores({ decline: asked.join(',') });
    expect([mature_weeks[0], other_weeks.length]).toEqual([FROM, 1]);
    expect(what_ifs).toMatchObject({
      decisions: moved.length,
      money: money(moved),
      decided_otherwise: 0,
      unmoved: [
        { source: 'model', degraded: true, decisions: ROWS / 100, without_amount: ROWS / 100 },
        // No threshold of the score changes what a rule decided.
        { source: 'rules', degraded: false, decisions: byRules.length, money: money(byRules) },
      ],
    });
    const decline = what_ifs!.thresholds.decline;
    expect(decline.map(({ threshold }) => threshold)).toEqual([...asked, 0.9].toSorted((a, b) => a - b));
    for (const { threshold, ...of } of decline) {
      const alerts = moved.filter(({ decision }) => decision.score! >= threshold);
      const caught = alerts.filter(({ label }) => label === 'fraud');
      const missed = moved.filter(({ label }) => label === 'fraud').filter((row) => !alerts.includes(row));
      const hit = alerts.filter(({ label }) => label !== 'fraud');
      expect(of).toMatchObject({
        in_force: threshold === 0.9,
        alerts: alerts.length,
        frauds_caught: caught.length,
        money_caught: money(caught),
        money_missed: money(missed),
        legitimate_hit: hit.length,
        legitimate_money_hit: money(hit),
        unlabelled_hit: hit.filter(({ label }) => label === null).length,
      });
    }
    const asDecided = moved.filter(({ decision: { decision } }) => decision === 'decline').length;
    expect(decline.find(({ in_force }) => in_force)?.alerts).toBe(asDecided);
  });
});

describe('calibration', () => {
  it('is of every full score of the mature weeks', async () => {
    const moved = byThresholds();
    const { calibration } = await scores();
    const [model, ...others] = calibration!;
    expect(others).toEqual([]);
    expect(model).toMatchObject({
      model: moved[0]!.decision.versions.model,
      decisions: moved.length,
      frauds: moved.filter(({ label }) => label === 'fraud').length,
    });
    const sum = moved.reduce((total, { decision }) => total + decision.score!, 0);
    expect(model!.expected_frauds).toBeCloseTo(sum, 6);
    expect(model!.bins.reduce((total, { decisions }) => total + decisions, 0)).toBe(moved.length);
  });
});

describe('npm run evaluate', () => {
  it('shows quality by week, then calibration, then what-ifs', async () => {
    const { output, code } = await evaluate();
    expect(code).toBe(0);
    const places = ['labels come', 'Calibration, of', 'What if a threshold', 'by the threshold of decline'];
    const found = places.map((words) => output.indexOf(words));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(-1);
    expect(output).toMatch(/^0.9 in force +\d/m);
    expect(output).toMatch(/not of \d{4}-\d\d-\d\d: fraud of so young a week is not known yet/);
    expect(output).toContain('15 in an unknown currency');
  });

  it('gives all of it as JSON, for the thresholds that are asked for', async () => {
    const { output } = await evaluate('--json', '--threshold', 'decline=0.85', '--threshold', 'review=0.6');
    const report = JSON.parse(output) as QualityReport & { scores: ScoreReport };
    expect(report.weeks[0]).toMatchObject({ week: FROM });
    const { thresholds } = report.scores.what_ifs!;
    expect(
      [thresholds.step_up, thresholds.review, thresholds.decline].map((some) =>
        some.map(({ threshold }) => threshold),
      ),
    ).toEqual([[0.3], [0.6, 0.7], [0.85, 0.9]]);
  });

  it('writes a report with plots', async () => {
    const file = path.join(directory, 'quality.html');
    const { output, code } = await evaluate('--html', file);
    expect([code, output]).toEqual([0, expect.stringContaining(`Report: ${file}`)]);
    const page = await readFile(file, 'utf8');
    expect(page).toContain('Money by the threshold of decline');
    expect(page.match(/<svg role="img"/g)).toHaveLength(6);
  });

  it('refuses what does not go together, or is no threshold', async () => {
    for (const [args, output] of [
      [['--records'], /--prometheus and --records go with --check-drift/],
      [['--check-drift', '--threshold', 'decline=0.8'], /cannot be used with option '--check-drift'/],
      [['--threshold', 'decline=8'], /such as decline=0.85/],
    ] as const) {
      const run = await evaluate(...args);
      expect(run.output).toMatch(output);
      expect(run.code).toBe(1);
    }
  });
});
