import type { QualityCell } from '../store.js';

/** How good alerts are, an alert being an outcome of some kind. Money in reference minor units. A null is not known, or 0 ÷ 0. */
export interface AlertQuality {
  readonly alerts: number;
  /** Known frauds with an alert, and without one. */
  readonly frauds_caught: number;
  readonly frauds_missed: number;
  readonly money_caught: number;
  readonly money_missed: number;
  /** Frauds ÷ alerts. Null until what has no label counts as legitimate. */
  readonly precision: number | null;
  /** Known frauds ÷ alerts: what precision cannot fall below, but by corrections. */
  readonly precision_at_least: number | null;
  /** Frauds caught ÷ frauds, of those that are known. */
  readonly recall: number | null;
  /** Alerts ÷ decisions, of legitimate transactions. Null until what has no label counts as legitimate. */
  readonly false_positive_rate: number | null;
}

/** What must be known of decisions. */
type Judged = Pick<QualityCell, 'fraud' | 'decisions' | 'amount'>;

/**
 * @param isAlert which decisions are alerts
 * @param unlabelledIsLegitimate whether what has no label counts as legitimate
 */
export function alertQuality<C extends Judged>(
  cells: readonly C[],
  isAlert: (cell: C) => boolean,
  unlabelledIsLegitimate: boolean,
): AlertQuality {
  let alerts = 0;
  let decisions = 0;
  const caught = { frauds: 0, money: 0 };
  const missed = { frauds: 0, money: 0 };
  for (const cell of cells) {
    const alert = isAlert(cell);
    decisions += cell.decisions;
    if (alert) alerts += cell.decisions;
    if (cell.fraud !== true) continue;
    const side = alert ? caught : missed;
    side.frauds += cell.decisions;
    side.money += cell.amount;
  }
  const frauds = caught.frauds + missed.frauds;
  const precision = ratio(caught.frauds, alerts);
  return {
    alerts,
    frauds_caught: caught.frauds,
    frauds_missed: missed.frauds,
    money_caught: caught.money,
    money_missed: missed.money,
    precision: unlabelledIsLegitimate ? precision : null,
    precision_at_least: precision,
    recall: ratio(caught.frauds, frauds),
    false_positive_rate: unlabelledIsLegitimate ? ratio(alerts - caught.frauds, decisions - frauds) : null,
  };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
