import { Injectable } from '@nestjs/common';

/** Whether a part of the application can do its work, and what to know about it. */
export interface ReadinessState {
  readonly ready: boolean;
  readonly [detail: string]: unknown;
}

/** Where the parts of an application that readiness depends on register themselves. */
@Injectable()
export class Readiness {
  private readonly parts = new Map<string, () => ReadinessState>();

  /** From now on, /ready asks this too. */
  register(name: string, state: () => ReadinessState): void {
    this.parts.set(name, state);
  }

  get all(): readonly (readonly [name: string, state: () => ReadinessState])[] {
    return [...this.parts];
  }
}
