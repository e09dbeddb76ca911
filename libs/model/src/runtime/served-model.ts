import type { Model } from '../model.js';
import type { Scores } from '../onnx-scorer.js';

/** A loaded model under the name that it was asked for. Its memory is freed when it is retired and nobody uses it. */
export class ServedModel {
  /** Runs that are under way, and who may begin one. */
  private users = 0;
  private retired = false;

  constructor(
    readonly version: string,
    private readonly model: Model,
    readonly loadedAt: Date,
  ) {}

  get manifest(): Model['manifest'] {
    return this.model.manifest;
  }

  /** Where its files came from. */
  get source(): Model['source'] {
    return this.model.source;
  }

  /** @throws where the runtime fails or gives something else than the manifest promises, and where the model is freed */
  async run(vectors: Float32Array, rows: number): Promise<Scores> {
    if (this.retired && this.users === 0) throw new Error(`model ${this.version} was replaced`);
    return await this.during(() => this.model.run(vectors, rows));
  }

  /** Does something that may run the model, which is not freed meanwhile. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.users += 1;
    try {
      return await work();
    } finally {
      this.users -= 1;
      if (this.retired && this.users === 0) await this.model.release();
    }
  }

  /** Nobody takes it any more. */
  async retire(): Promise<void> {
    if (this.retired) return;
    this.retired = true;
    if (this.users === 0) await this.model.release();
  }
}
