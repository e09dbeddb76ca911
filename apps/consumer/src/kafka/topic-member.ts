import { METRICS } from '@fraud/platform';
import { Readiness } from '@fraud/service';
import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import type { MemberObserver } from './group-member.js';
import { HELD_FOR, type HeldFor } from './held-partitions.js';
import type { Lags } from './lag.js';

/** The metrics that all topics share. */
@Injectable()
export class TopicGauges {
  constructor(
    @InjectMetric(METRICS.kafkaLag.name) readonly lag: Gauge,
    @InjectMetric(METRICS.kafkaAssigned.name) readonly assigned: Gauge,
    @InjectMetric(METRICS.kafkaBackpressure.name) readonly backpressure: Gauge,
    @InjectMetric(METRICS.kafkaRebalances.name) readonly rebalances: Counter,
  ) {}
}

export interface TopicMemberOptions {
  readonly topic: string;
  /** The name of its check on /ready. */
  readonly check: string;
  /** Whether the process is ready only while it is a member. */
  readonly required: boolean;
}

/** This process as a member of the group that reads a topic: metrics, log lines and readiness. */
export class TopicMember implements MemberObserver {
  private readonly logger = new Logger('Kafka');
  /** The name of its check on /ready. */
  readonly check: string;
  private readonly topic: string;
  private member = false;
  private reason = 'joining the group';
  private assigned: readonly number[] = [];
  private readonly heldFor = new Map<number, HeldFor>();
  private onJoined: (partitions: readonly number[]) => void = () => undefined;
  private onCommitted: (partition: number, nextOffset: bigint) => void = () => undefined;

  constructor(
    { topic, check, required }: TopicMemberOptions,
    private readonly gauges: TopicGauges,
    readiness: Readiness,
  ) {
    this.topic = topic;
    this.check = check;
    readiness.register(check, () =>
      this.member
        ? {
            ready: true,
            topic,
            partitions: this.assigned.length,
            ...(this.waits ? { waits_for: this.missing } : {}),
          }
        : { ready: !required, topic, reason: this.reason },
    );
    gauges.assigned.set({ topic }, 0);
    for (const reason of HELD_FOR) gauges.backpressure.set({ topic, reason }, 0);
  }

  get isMember(): boolean {
    return this.member;
  }

  /** Whether messages wait for something that is away. */
  get waits(): boolean {
    return this.missing.length > 0;
  }

  /** Who else wants to know of assignments and commits. */
  tell(
    onJoined: (partitions: readonly number[]) => void,
    onCommitted: (partition: number, nextOffset: bigint) => void,
  ): void {
    this.onJoined = onJoined;
    this.onCommitted = onCommitted;
  }

  joined(partitions: readonly number[]): void {
    this.member = true;
    this.gauges.rebalances.inc();
    this.assign(partitions);
    this.logger.log(`joined the group: partitions ${partitions.join(', ') || 'none'} of ${this.topic}`);
  }

  committed(partition: number, nextOffset: bigint): void {
    this.onCommitted(partition, nextOffset);
  }

  held(partition: number, heldFor: HeldFor | null): void {
    const before = this.missing.join();
    if (heldFor === null) this.heldFor.delete(partition);
    else this.heldFor.set(partition, heldFor);
    const all = [...this.heldFor.values()];
    for (const reason of HELD_FOR)
      this.gauges.backpressure.set({ topic: this.topic, reason }, all.filter((one) => one === reason).length);
    const after = this.missing.join();
    if (after === before) return;
    if (after === '') this.logger.log(`messages of ${this.topic} are taken again`);
    else this.logger.warn(`messages wait in ${this.topic}: ${after}`);
  }

  left(): void {
    this.member = false;
    this.assign([]);
  }

  /** It is not, or no longer, a member of the group, and will try again. */
  failed(reason: string): void {
    // A topic that is not there stays so for long: said once is enough.
    if (!this.member && this.reason === reason) return;
    this.member = false;
    this.reason = reason;
    this.logger.warn(`not a member of the group, trying again: ${explain(reason, this.topic)}`);
  }

  lags(lags: Lags): void {
    for (const [partition, lag] of lags)
      this.gauges.lag.set({ topic: this.topic, partition: String(partition) }, lag);
  }

  /** What messages wait for. */
  private get missing(): readonly HeldFor[] {
    return [...new Set(this.heldFor.values())].filter((reason) => reason !== 'busy');
  }

  private assign(partitions: readonly number[]): void {
    // A partition that has gone elsewhere is no longer ours to report.
    for (const partition of this.assigned)
      this.gauges.lag.remove({ topic: this.topic, partition: String(partition) });
    this.assigned = partitions;
    this.gauges.assigned.set({ topic: this.topic }, partitions.length);
    this.onJoined(partitions);
  }
}

function explain(reason: string, topic: string): string {
  return /does not host this topic|UNKNOWN_TOPIC/i.test(reason)
    ? `${reason} Is there a topic ${topic}? \`npm run topics\` creates it.`
    : reason;
}
