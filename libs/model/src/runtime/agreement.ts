import type { ControlDocument, ControlStore } from '@fraud/platform';
import { NOTHING_DESIRED, type Change, type DesiredModels } from './desired.js';
import { ModelChangeRefused } from './model-change-refused.js';

const DOCUMENT = 'models';
/** Changes that cross are tried again. */
const MOST_ATTEMPTS = 10;

/** What all instances have agreed on, as far as this one knows. */
export class Agreement {
  private known: DesiredModels = NOTHING_DESIRED;

  constructor(private readonly control: ControlStore) {}

  get desired(): DesiredModels {
    return this.known;
  }

  /** @throws ControlUnavailable */
  async read(): Promise<void> {
    await this.adopt(await this.control.read(DOCUMENT));
  }

  /**
   * @param toChange asked again where somebody else was first
   * @returns false where everything is as it should become
   * @throws ModelChangeRefused, ControlUnavailable
   */
  async change(toChange: (desired: DesiredModels) => Change, by: string): Promise<boolean> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      await this.read();
      const before = this.known;
      const changed = toChange(before)(before);
      if (changed === before) return false;
      const next: DesiredModels = {
        ...changed,
        revision: before.revision + 1,
        changed_at: new Date().toISOString(),
        changed_by: by,
      };
      if (!(await this.control.replace(DOCUMENT, before.revision, next))) continue;
      this.known = next;
      return true;
    }
    throw new ModelChangeRefused('control_contended', `others changed it ${MOST_ATTEMPTS} times meanwhile`);
  }

  private async adopt(document: ControlDocument | null): Promise<void> {
    const revision = document?.revision ?? 0;
    if (revision > this.known.revision) this.known = { ...NOTHING_DESIRED, ...document };
    // Redis lost it, or came back with an older one: whoever knows better says so.
    else if (revision < this.known.revision) await this.control.replace(DOCUMENT, revision, this.known);
  }
}
