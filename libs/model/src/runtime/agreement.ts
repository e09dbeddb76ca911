import { ControlContended, SharedDocument, type ControlStore } from '@fraud/platform';
import { NOTHING_DESIRED, type Change, type DesiredModels } from './desired.js';
import { ModelChangeRefused } from './model-change-refused.js';

/** Which models all instances want, as far as this one knows. */
export class Agreement {
  private readonly document: SharedDocument<DesiredModels>;

  constructor(control: ControlStore) {
    this.document = new SharedDocument(control, 'models', NOTHING_DESIRED);
  }

  get desired(): DesiredModels {
    return this.document.current;
  }

  /** @throws ControlUnavailable */
  async read(): Promise<void> {
    await this.document.read();
  }

  /**
   * @param toChange asked again where somebody else was first
   * @returns false where everything is as it should become
   * @throws ModelChangeRefused, ControlUnavailable
   */
  async change(toChange: (desired: DesiredModels) => Change, by: string): Promise<boolean> {
    try {
      return await this.document.change((before) => {
        const changed = toChange(before)(before);
        if (changed === before) return before;
        return { ...before, ...changed, changed_at: new Date().toISOString(), changed_by: by };
      });
    } catch (cause) {
      if (!(cause instanceof ControlContended)) throw cause;
      throw new ModelChangeRefused('control_contended', cause.message);
    }
  }
}
