import { Injectable } from '@nestjs/common';

/** Where the parts of an application register themselves whose standing still only a restart can end. */
@Injectable()
export class Liveness {
  private readonly parts = new Map<string, () => string | null>();

  /** From now on, /health asks this too. @param why it stands still; null: it does not */
  register(name: string, why: () => string | null): void {
    this.parts.set(name, why);
  }

  /** Which parts stand still, and why; empty where all is well. */
  get failures(): Readonly<Record<string, string>> {
    const failures: Record<string, string> = {};
    for (const [name, why] of this.parts) {
      const reason = why();
      if (reason !== null) failures[name] = reason;
    }
    return failures;
  }
}
