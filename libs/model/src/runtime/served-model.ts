import type { Model } from '../model.js';
import type { Scores } from '../onnx-scorer.js';

/** A loaded model under the name that it was asked for. Its memory is freed when it is retired and no run is under way. */
export class ServedModel {
  private underWay = 0;
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

  /** @throws where the runtime fails or gives something else than the manifest promises */
  async run(vectors: Float32Array, rows: number): Promise<Scores> {
    this.underWay += 1;
    try {
      return await this.model.run(vectors, rows);
    } finally {
      this.underWay -= 1;
      if (this.retired && this.underWay === 0) await this.model.release();
    }
  }

  /** Nobody takes it any more. */
  async retire(): Promise<void> {
    if (this.retired) return;
    this.retired = true;
    if (this.underWay === 0) await this.model.release();
  }
}
