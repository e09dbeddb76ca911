import { LABEL_SOURCES, parseLabel, TRUTHS, type InvalidLabel, type ParsedLabel } from '@fraud/contract';
import { METRICS } from '@fraud/platform';
import type { LabelEntry } from '@fraud/records';
import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { LABEL_RECORDS, type LabelRecords } from './label-records.js';

/** Where the intake finds how far ahead of the clock a label may be dated, milliseconds. */
export const LABEL_SKEW_MS = Symbol('LABEL_SKEW_MS');

/** The way of labels into the records, for every door. */
@Injectable()
export class LabelIntake {
  private readonly counters: ReadonlyMap<string, Counter.Internal>;

  constructor(
    @Inject(LABEL_RECORDS) private readonly records: LabelRecords | null,
    @Inject(LABEL_SKEW_MS) private readonly skewMs: number,
    @InjectMetric(METRICS.labels.name) counter: Counter,
  ) {
    this.counters = new Map(
      TRUTHS.flatMap((label) =>
        LABEL_SOURCES.map((source) => [label + source, counter.labels({ label, source })] as const),
      ),
    );
    // A rate needs the series before its first label.
    for (const child of this.counters.values()) child.inc(0);
  }

  /** Reads one label; one of the future is refused beyond the configured skew. */
  parse(value: unknown, path = ''): ParsedLabel | InvalidLabel {
    return parseLabel(value, path, Date.now() + this.skewMs);
  }

  /**
   * Keeps labels, all or none; what is kept survives the end of this process. A label that is told again changes nothing.
   * @returns whether they are kept
   */
  take(labels: readonly ParsedLabel[]): boolean {
    if (this.records === null) return false;
    const receivedAt = new Date().toISOString();
    if (labels.length > 0 && !this.records.append(labels.map((label) => lineOf(label, receivedAt)).join('')))
      return false;
    for (const { label } of labels) this.counters.get(label.label + label.source)?.inc();
    return true;
  }
}

function lineOf({ label }: ParsedLabel, receivedAt: string): string {
  const entry: LabelEntry = {
    kind: 'label',
    transaction_id: label.transaction_id,
    fraud: label.label === 'fraud',
    source: label.source,
    labelled_at: label.labelled_at,
    received_at: receivedAt,
  };
  return `${JSON.stringify(entry)}\n`;
}
