import { averagePrecision } from './average-precision.js';
import { rocAuc } from './roc-auc.js';

/** Collects scores and labels of a long replay, nine bytes a row. */
export class ScoredRows {
  private scores = new Float64Array(4096);
  private labels = new Uint8Array(4096);
  private used = 0;

  get count(): number {
    return this.used;
  }

  add(score: number, fraud: boolean): void {
    if (this.used === this.scores.length) this.grow();
    this.scores[this.used] = score;
    this.labels[this.used] = fraud ? 1 : 0;
    this.used++;
  }

  /** Both figures; NaN where they are not defined. */
  quality(): { readonly rocAuc: number; readonly averagePrecision: number } {
    const rows = { scores: this.scores.subarray(0, this.used), labels: this.labels.subarray(0, this.used) };
    return { rocAuc: rocAuc(rows), averagePrecision: averagePrecision(rows) };
  }

  private grow(): void {
    const scores = new Float64Array(this.used * 2);
    const labels = new Uint8Array(this.used * 2);
    scores.set(this.scores);
    labels.set(this.labels);
    this.scores = scores;
    this.labels = labels;
  }
}
