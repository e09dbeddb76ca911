import { OUTCOMES, TRUTHS } from '@fraud/contract';
import { METRICS, type MetricDeclaration } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import type { Labelled, RecordsObserver, Written } from '@fraud/records';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { collectedGauge } from './collected.js';
import { Readiness } from '../health/readiness.js';
import { ScoringMetrics } from './scoring-metrics.js';

/** Of the bound of the spool: from here on it is said, at each further tenth. */
const WARN_FROM = 0.5;
const LOOK_EVERY_MS = 5000;

/** Turns what becomes of records into metrics, log lines and a part of /ready. There are no such metrics where nothing is recorded. */
@Injectable()
export class RecordMetrics implements RecordsObserver {
  private readonly logger = new Logger('Records');
  private readonly counter: Counter | null = null;
  private readonly seconds: Histogram | null = null;
  private readonly labelledDecisions: Counter | null = null;
  private readonly labelledAmount: Counter | null = null;
  private warnedAt = 0;
  private wasUp: boolean | null = null;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(ScoringMetrics) private readonly scoring: ScoringMetrics,
    @Inject(Readiness) readiness: Readiness,
  ) {
    const { records } = engine;
    if (records === null) return;
    const { recordsWritten, recordsWrite, recordsUp, spoolBytes, spoolLimit } = METRICS;
    this.counter = counterOf(recordsWritten);
    this.labelledDecisions = counterOf(METRICS.labelledDecisions);
    this.labelledAmount = counterOf(METRICS.labelledAmount);
    // A rate needs the series before the first label.
    for (const decision of OUTCOMES) {
      for (const label of TRUTHS) {
        this.labelledDecisions.inc({ decision, label }, 0);
        this.labelledAmount.inc({ decision, label }, 0);
      }
    }
    for (const result of ['decision', 'duplicate', 'conflict', 'label', 'aside'])
      this.counter.inc({ result }, 0);
    this.seconds = getOrCreateMetric('Histogram', {
      ...named(recordsWrite),
      buckets: [...recordsWrite.buckets],
    }) as Histogram;
    collectedGauge(recordsUp, () => (records.databaseUp ? 1 : 0));
    collectedGauge(spoolBytes, () => records.waitingBytes);
    collectedGauge(spoolLimit, () => records.limitBytes);
    setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS).unref();
    readiness.register('records', () => ({
      // All instances share the database: failing here would take them all away.
      ready: true,
      kind: records.kind,
      answers: records.databaseUp,
      full: records.full,
      waiting_bytes: records.waitingBytes,
    }));
  }

  written({ decisions, duplicates, conflicts, labels, labelled }: Written, seconds: number): void {
    for (const known of labelled) this.becameKnown(known);
    this.counter?.inc({ result: 'decision' }, decisions);
    this.counter?.inc({ result: 'duplicate' }, duplicates);
    this.counter?.inc({ result: 'label' }, labels);
    this.seconds?.observe(seconds);
    if (conflicts === 0) return;
    this.counter?.inc({ result: 'conflict' }, conflicts);
    this.scoring.failed('record_conflict', conflicts);
  }

  aside(lines: number, reason: string): void {
    this.counter?.inc({ result: 'aside' }, lines);
    this.scoring.failed('records_put_aside', lines, new Error(reason));
  }

  database(up: boolean, message: string): void {
    if (up && this.wasUp === false) this.logger.log('the records database is back');
    if (!up && this.wasUp !== false)
      this.logger.warn(`the records database is away, decisions wait in the spool: ${message}`);
    this.wasUp = up;
  }

  private becameKnown({ outcome, fraud, decisions, amount }: Labelled): void {
    const labels = { decision: outcome, label: fraud ? 'fraud' : 'legitimate' };
    this.labelledDecisions?.inc(labels, decisions);
    this.labelledAmount?.inc(labels, amount);
  }

  private look(): void {
    const { records } = this.engine;
    if (records === null) return;
    const share = Math.floor((records.waitingBytes / records.limitBytes) * 10) / 10;
    if (share >= WARN_FROM && share > this.warnedAt) {
      this.logger.error(
        `the spool is at ${Math.round(share * 100)} % of SPOOL_MAX_BYTES; at 100 % \`records.when_full\` of the policy holds`,
      );
    }
    this.warnedAt = share;
  }
}

const named = ({ name, help }: { name: string; help: string }) => ({ name, help });

const counterOf = ({ name, help, labels }: MetricDeclaration): Counter =>
  getOrCreateMetric('Counter', { name, help, labelNames: [...labels] }) as Counter;
