import { Injectable } from '@nestjs/common';

/** Metrics that come to /metrics as text: where there are too many series for prom-client to work through at every scrape. */
@Injectable()
export class TextMetrics {
  private readonly sources: (() => string)[] = [];

  /** @param text in the Prometheus text format, whole lines */
  add(text: () => string): void {
    this.sources.push(text);
  }

  text(): string {
    return this.sources.map((source) => source()).join('');
  }
}
