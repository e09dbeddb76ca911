import type { ControlDocument, ControlStore } from './control-store.js';

/** Changes that cross are tried again. */
const MOST_ATTEMPTS = 10;

/** Others changed the document each time that this process tried to. */
export class ControlContended extends Error {
  override readonly name = 'ControlContended';
}

/** What all instances have agreed on, as far as this one knows. */
export class SharedDocument<D extends ControlDocument> {
  private known: D;

  /** @param nothing as it is before anybody has changed it; its revision is 0 */
  constructor(
    private readonly control: ControlStore,
    private readonly name: string,
    private readonly nothing: D,
  ) {
    this.known = nothing;
  }

  get current(): D {
    return this.known;
  }

  /** @throws ControlUnavailable */
  async read(): Promise<void> {
    const document = await this.control.read(this.name);
    const revision = document?.revision ?? 0;
    if (revision > this.known.revision) this.known = { ...this.nothing, ...document };
    // Redis lost it, or came back with an older one: whoever knows better says so.
    else if (revision < this.known.revision) await this.control.replace(this.name, revision, this.known);
  }

  /**
   * @param change asked again where somebody else was first; gives back what it got where nothing is to change
   * @returns false where everything is as it should become
   * @throws ControlContended, ControlUnavailable, and what `change` throws
   */
  async change(change: (before: D) => D): Promise<boolean> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      await this.read();
      const before = this.known;
      const changed = change(before);
      if (changed === before) return false;
      const next = { ...changed, revision: before.revision + 1 };
      if (!(await this.control.replace(this.name, before.revision, next))) continue;
      this.known = next;
      return true;
    }
    throw new ControlContended(`others changed it ${MOST_ATTEMPTS} times meanwhile`);
  }
}
