import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { LagWatch } from './lag.js';
import type { ProgressWatch } from './progress-watch.js';
import type { TopicMember } from './topic-member.js';

const EVERY_MS = 2000;

/** Reports every two seconds how far the assigned partitions are behind, and whether that moves. */
@Injectable()
export class LagReporter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Kafka');
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(
    private readonly watch: LagWatch,
    private readonly member: TopicMember,
    private readonly progress: ProgressWatch,
  ) {
    member.tell(
      (partitions) => {
        watch.watch(partitions);
      },
      (partition, nextOffset) => {
        watch.note(partition, nextOffset);
        progress.moved();
      },
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.watch.close();
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const lags = await this.watch.look();
      this.member.lags(lags);
      const behind = [...lags.values()].reduce((sum, lag) => sum + lag, 0);
      this.progress.seen({ behind, member: this.member.isMember, waits: this.member.waits });
    } catch (cause) {
      this.progress.seen(null);
      this.logger.debug(
        `the lag could not be seen: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    } finally {
      this.looking = false;
    }
  }
}
