import type { QualityCell, QualityData } from '../store.js';
import { alertQuality, type AlertQuality } from './alert-quality.js';
import {
  daysUntil,
  delayDistribution,
  MATURE,
  maturityOf,
  type DelayDistribution,
} from './label-maturity.js';
import { startOf } from './week.js';

/** What is known is not scaled up from less than this: the result would be noise. */
const LEAST_MATURITY = 0.1;

/** Decisions against what is known of them. Money in reference minor units. */
export interface Quality {
  readonly decisions: number;
  readonly money: number;
  readonly labelled: number;
  readonly frauds: number;
  readonly fraud_money: number;
  /** As what a decision without a label counts: `legitimate` once fraud would be known, before that it is left out. */
  readonly unlabelled: 'legitimate' | 'unknown';
  /** An alert being any outcome but approve; and decline alone. */
  readonly alerts: { readonly any: AlertQuality; readonly decline: AlertQuality };
}

/** One week of transactions, from its Monday, UTC. */
export interface WeekQuality extends Quality {
  readonly week: string;
  /** Share of the week's fraud labels that should have come by now; null where too few labels are old enough to say. */
  readonly maturity: number | null;
  readonly mature: boolean | null;
  /** Known frauds ÷ maturity; null where that is not known, or below a tenth. */
  readonly expected_frauds: number | null;
}

export interface QualityReport {
  /** Of the transactions: from this moment, until before that one. */
  readonly from: string;
  readonly to: string;
  readonly as_of: string;
  /** Frauds that become known later are not expected; a week that is older is settled. */
  readonly horizon_days: number;
  /** How long after its transaction a fraud becomes known; null where too few labels are old enough to say. */
  readonly label_delay: {
    readonly median_days: number;
    readonly p95_days: number;
    readonly settled_frauds: number;
  } | null;
  /** Oldest first; weeks without decisions are left out. */
  readonly weeks: readonly WeekQuality[];
  /** The mature weeks together; null where there is none. */
  readonly mature: (Quality & { readonly weeks: number }) | null;
}

/** What is asked for, ms since the epoch. */
export interface QualityQuestion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly horizonDays: number;
}

/**
 * How good decisions were, by week of transactions, as far as labels say.
 *
 * Fraud becomes known late: a young week has few known frauds whatever was missed in it. So each week says its maturity
 * (`delayDistribution` says how that is estimated), and only from 95 % on what has no label counts as legitimate; before, precision
 * and false-positive rate are null, and recall is of the frauds that are known so far, of which those with an alert come first.
 *
 * @param data also of weeks before those that are asked for: they say how late labels come
 */
export function qualityReport(
  data: QualityData,
  nowMs: number,
  { fromMs, toMs, horizonDays }: QualityQuestion,
): QualityReport {
  const delays = delayDistribution(data.delays, nowMs, horizonDays);
  const weeks: WeekQuality[] = [];
  const mature: QualityCell[] = [];
  let matureWeeks = 0;
  for (const [week, cells] of byWeek(data.cells, fromMs, toMs)) {
    const quality = weekQuality(week, cells, delays, nowMs);
    weeks.push(quality);
    if (quality.mature !== true) continue;
    mature.push(...cells);
    matureWeeks += 1;
  }
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    as_of: new Date(nowMs).toISOString(),
    horizon_days: horizonDays,
    label_delay:
      delays === null
        ? null
        : {
            median_days: daysUntil(0.5, delays),
            p95_days: daysUntil(MATURE, delays),
            settled_frauds: delays.settledFrauds,
          },
    weeks,
    mature: matureWeeks === 0 ? null : { weeks: matureWeeks, ...qualityOf(mature, true) },
  };
}

function weekQuality(
  week: string,
  cells: readonly QualityCell[],
  delays: DelayDistribution | null,
  nowMs: number,
): WeekQuality {
  const maturity = delays === null ? null : maturityOf(week, delays, nowMs);
  const mature = maturity === null ? null : maturity >= MATURE;
  const quality = qualityOf(cells, mature === true);
  return {
    week,
    maturity,
    mature,
    expected_frauds: maturity === null || maturity < LEAST_MATURITY ? null : quality.frauds / maturity,
    ...quality,
  };
}

function qualityOf(cells: readonly QualityCell[], unlabelledIsLegitimate: boolean): Quality {
  const sum = (of: keyof Pick<QualityCell, 'decisions' | 'amount'>, some: (cell: QualityCell) => boolean) =>
    cells.reduce((total, cell) => (some(cell) ? total + cell[of] : total), 0);
  return {
    decisions: sum('decisions', () => true),
    money: sum('amount', () => true),
    labelled: sum('decisions', ({ fraud }) => fraud !== null),
    frauds: sum('decisions', ({ fraud }) => fraud === true),
    fraud_money: sum('amount', ({ fraud }) => fraud === true),
    unlabelled: unlabelledIsLegitimate ? 'legitimate' : 'unknown',
    alerts: {
      any: alertQuality(cells, ({ outcome }) => outcome !== 'approve', unlabelledIsLegitimate),
      decline: alertQuality(cells, ({ outcome }) => outcome === 'decline', unlabelledIsLegitimate),
    },
  };
}

/** The cells of each week that is asked for, oldest first. */
function byWeek(cells: readonly QualityCell[], fromMs: number, toMs: number): [string, QualityCell[]][] {
  const weeks = new Map<string, QualityCell[]>();
  for (const cell of cells) {
    const start = startOf(cell.week);
    if (start < fromMs || start >= toMs) continue;
    const week = weeks.get(cell.week);
    if (week === undefined) weeks.set(cell.week, [cell]);
    else week.push(cell);
  }
  return [...weeks].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
