import { basename } from 'node:path';
import { simulate, type LabelledTransaction } from '@fraud/traffic';
import { openRecorded } from '../replay/recorded-traffic.js';
import { UserError } from '../user-error.js';
import { requirePeriod } from './period.js';

/** Labelled transactions in order of event time. */
export type LabelledTraffic = Iterable<LabelledTransaction> | AsyncIterable<LabelledTransaction>;

/** The traffic that a matrix is made of. */
export interface MatrixTraffic {
  /** Reads it from its beginning; every reading gives the same rows. */
  open(): Promise<LabelledTraffic>;
  /** Where it comes from, for matrix.json. */
  readonly origin: Readonly<Record<string, unknown>>;
}

export interface SimulatedPeriod {
  readonly seed: number;
  readonly cards: number;
  readonly days: number;
  /** ISO 8601 */
  readonly start: string;
}

/** @throws UserError when the period ends after the year that a timestamp can say */
export function simulatedTraffic(period: SimulatedPeriod): MatrixTraffic {
  requirePeriod(period.start, period.days);
  return {
    open: async () => simulate(period),
    origin: { source: 'simulator', ...period },
  };
}

export interface RecordedPart {
  /** A Handbook labels file that does not lie beside its transactions. */
  readonly labels?: string | undefined;
  /** The moment, ISO 8601, from which on and before which transactions are taken. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** Recorded traffic with its labels, by the readers of `replay`. */
export function recordedTraffic(
  files: readonly string[],
  { labels, from, until }: RecordedPart = {},
): MatrixTraffic {
  return {
    open: async () => {
      const { rows } = await openRecorded(files, labels ?? true);
      return inOrderWithLabels(
        rows,
        Date.parse(from ?? '') || -Infinity,
        Date.parse(until ?? '') || Infinity,
      );
    },
    // Names without directories: what a model's manifest repeats must say nothing about a machine.
    origin: { source: 'recorded', files: files.map((file) => basename(file)), from, until },
  };
}

/**
 * A row that lies before its predecessor would be scored with labels that came after it.
 * @throws UserError that names the row
 */
async function* inOrderWithLabels(
  rows: AsyncIterable<LabelledTransaction>,
  fromMs: number,
  untilMs: number,
): AsyncGenerator<LabelledTransaction, void> {
  let latest = -Infinity;
  for await (const row of rows) {
    const { transaction_id: id, occurred_at } = row.transaction;
    const at = Date.parse(occurred_at);
    if (row.label === null)
      throw new UserError(`transaction ${id} has no label: there is nothing to train on`);
    if (at < latest)
      throw new UserError(`transaction ${id} of ${occurred_at} comes after a later one: sort the file`);
    latest = at;
    if (at >= untilMs) return;
    if (at >= fromMs) yield row;
  }
}
