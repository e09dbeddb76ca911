import { chiSquaredBound, WINDOWS, type DriftMonitor, type Window } from '@fraud/drift';
import { METRICS, type MetricDeclaration } from '@fraud/platform';
import { Engine, type WatchedModel } from '@fraud/scoring';
import { Inject, Injectable } from '@nestjs/common';
import { TextMetrics } from '../metrics/text-metrics.js';

/** What stays the same from scrape to scrape: names, labels, and the reference. */
interface Prepared {
  /** By column and bin, up to the value. */
  readonly rows: readonly (readonly string[])[];
  /** By window and column, up to the value. */
  readonly scores: Readonly<Record<Window, readonly string[]>>;
  readonly thresholds: Readonly<Record<Window, readonly string[]>>;
  readonly expected: string;
  readonly reference: string;
  readonly bounds: string;
}

const WINDOW_NAMES = Object.keys(WINDOWS) as Window[];

/**
 * The metrics of drift in the Prometheus text format: what this process sees itself, and what a recording rule needs to say the same of all
 * instances together. There are some 1,500 series, of which only the values change; prom-client would hash and escape the labels of
 * each at every scrape, and hold up answers for as long.
 */
@Injectable()
export class DriftExposition {
  private readonly prepared = new WeakMap<DriftMonitor, Prepared>();

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(TextMetrics) metrics: TextMetrics,
  ) {
    metrics.add(() => this.text());
  }

  /** Empty where no model says what it was trained on. */
  private text(): string {
    const { drift } = this.engine;
    if (drift === null) return '';
    const all = drift.watched.map((one) => ({ ...one, lines: this.linesOf(one) }));
    const scores: string[] = [];
    const thresholds: string[] = [];
    for (const window of WINDOW_NAMES) {
      const read = drift.readings(window);
      all.forEach(({ lines }, m) => {
        read[m]?.readings.forEach(({ psi, threshold }, c) => {
          // Absent where there are too few rows to say anything: 0 would say that all is well.
          if (psi === null || threshold === null) return;
          scores.push(lines.scores[window][c]! + String(psi));
          thresholds.push(lines.thresholds[window][c]! + String(threshold));
        });
      });
    }
    const rows = all.flatMap(({ monitor, lines }) => {
      const { totals } = monitor;
      return lines.rows.flatMap((bins, c) => bins.map((line, b) => line + String(totals[c]![b])));
    });
    const { driftScore, driftThreshold, driftRows, driftExpected, driftReference, driftBound } = METRICS;
    return [
      block(driftScore, scores),
      block(driftThreshold, thresholds),
      block(driftRows, rows),
      block(
        driftExpected,
        all.map(({ lines }) => lines.expected),
      ),
      block(
        driftReference,
        all.map(({ lines }) => lines.reference),
      ),
      block(
        driftBound,
        all.map(({ lines }) => lines.bounds),
      ),
    ].join('');
  }

  private linesOf({ model, monitor }: WatchedModel): Prepared {
    const known = this.prepared.get(monitor);
    if (known !== undefined) return known;
    const { columns, reference } = monitor;
    const label = { model: model.version };
    const ofWindows = (metric: MetricDeclaration): Record<Window, string[]> =>
      Object.fromEntries(
        WINDOW_NAMES.map((window) => [
          window,
          columns.map(({ name }) => sample(metric, { ...label, feature: name, window })),
        ]),
      ) as Record<Window, string[]>;
    const ofBins = (metric: MetricDeclaration): string[][] =>
      columns.map(({ name, bins }) =>
        bins.map((bin) => sample(metric, { ...label, feature: name, bin: bin.name })),
      );
    const expected = ofBins(METRICS.driftExpected);
    const prepared = {
      rows: ofBins(METRICS.driftRows),
      scores: ofWindows(METRICS.driftScore),
      thresholds: ofWindows(METRICS.driftThreshold),
      expected: columns
        .flatMap(({ bins }, c) => bins.map((bin, b) => expected[c]![b]! + String(bin.expected)))
        .join('\n'),
      reference: sample(METRICS.driftReference, label) + String(reference.rows),
      bounds: columns
        .map(
          ({ name, bins }) =>
            sample(METRICS.driftBound, { ...label, feature: name }) + String(chiSquaredBound(bins.length)),
        )
        .join('\n'),
    };
    this.prepared.set(monitor, prepared);
    return prepared;
  }
}

const escape = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

/** A sample up to its value. */
function sample({ name }: MetricDeclaration, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escape(value)}"`);
  return `${name}{${pairs.join(',')}} `;
}

const block = ({ name, help, kind }: MetricDeclaration, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('\n')}\n`;
