import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** True from the signal to stop on: not ready any more, still answering. */
@Injectable()
export class Draining implements BeforeApplicationShutdown {
  private started = false;

  get active(): boolean {
    return this.started;
  }

  beforeApplicationShutdown(): void {
    this.started = true;
  }
}
