import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';

interface Named {
  readonly name: string;
  readonly help: string;
}

/** A gauge without labels that is read when it is scraped. */
export function collectedGauge({ name, help }: Named, read: () => number): void {
  getOrCreateMetric('Gauge', {
    name,
    help,
    collect(this: Gauge) {
      this.set(read());
    },
  });
}

/** A counter without labels of something that is counted elsewhere, and read when it is scraped. What has become less began anew. */
export function collectedCounter({ name, help }: Named, read: () => number): void {
  let counted = 0;
  getOrCreateMetric('Counter', {
    name,
    help,
    collect(this: Counter) {
      const now = read();
      if (now < counted) {
        this.reset();
        counted = 0;
      }
      this.inc(now - counted);
      counted = now;
    },
  });
}
