import { chiSquaredBound, WINDOWS, type Window } from '@fraud/drift';
import { METRICS } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { Inject, Injectable } from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';

interface Declared {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/**
 * Shows how far traffic is from what the models were trained on: what this process sees itself, and what a recording rule needs to say the
 * same of all instances together. All of it is worked out when it is scraped.
 */
@Injectable()
export class DriftMetrics {
  constructor(@Inject(Engine) private readonly engine: Engine) {
    const { driftScore, driftThreshold, driftRows, driftExpected, driftReference, driftBound } = METRICS;
    collected('Gauge', driftScore, (gauge) => {
      this.eachReading((labels, { psi }) => {
        // Absent where there are too few rows to say anything: 0 would say that all is well.
        if (psi !== null) gauge.set(labels, psi);
      });
    });
    collected('Gauge', driftThreshold, (gauge) => {
      this.eachReading((labels, { threshold }) => {
        if (threshold !== null) gauge.set(labels, threshold);
      });
    });
    collected('Counter', driftRows, (counter) => {
      for (const { model, monitor } of engine.watched) {
        const { totals, columns } = monitor;
        columns.forEach(({ name, bins }, c) => {
          bins.forEach((bin, b) => {
            counter.inc({ model: model.version, feature: name, bin: bin.name }, totals[c]![b]);
          });
        });
      }
    });
    collected('Gauge', driftExpected, (gauge) => {
      for (const { model, monitor } of engine.watched)
        for (const { name, bins } of monitor.columns)
          for (const bin of bins)
            gauge.set({ model: model.version, feature: name, bin: bin.name }, bin.expected);
    });
    collected('Gauge', driftReference, (gauge) => {
      for (const { model, monitor } of engine.watched)
        gauge.set({ model: model.version }, monitor.reference.rows);
    });
    collected('Gauge', driftBound, (gauge) => {
      for (const { model, monitor } of engine.watched)
        for (const { name, bins } of monitor.columns)
          gauge.set({ model: model.version, feature: name }, chiSquaredBound(bins.length));
    });
  }

  private eachReading(
    show: (
      labels: Record<string, string>,
      reading: { readonly psi: number | null; readonly threshold: number | null },
    ) => void,
  ): void {
    for (const window of Object.keys(WINDOWS) as Window[])
      for (const { version, readings } of this.engine.drift(window))
        for (const reading of readings) show({ model: version, feature: reading.feature, window }, reading);
  }
}

/** A metric that is read anew when it is scraped: what a model leaves behind goes with it. */
function collected<Kind extends 'Gauge' | 'Counter'>(
  kind: Kind,
  { name, help, labels }: Declared,
  read: (metric: Kind extends 'Gauge' ? Gauge : Counter) => void,
): void {
  getOrCreateMetric(kind, {
    name,
    help,
    labelNames: [...labels],
    collect(this: Gauge | Counter) {
      this.reset();
      read(this as Kind extends 'Gauge' ? Gauge : Counter);
    },
  });
}
