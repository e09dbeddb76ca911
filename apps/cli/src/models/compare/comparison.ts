import type { Scores } from '@fraud/model';

const DAY_MS = 86_400_000;

/** What two models made of the same rows, 21 bytes a row, and sums by feature. */
export class Comparison {
  readonly scoresA: number[] = [];
  readonly scoresB: number[] = [];
  /** 1 for fraud. */
  readonly frauds: number[] = [];
  /** Whole days (UTC) since 1970. */
  readonly days: number[] = [];
  /** By feature: sums of the sizes of contributions, and of what they differ by, in log-odds. */
  readonly sizesA: Float64Array;
  readonly sizesB: Float64Array;
  readonly moves: Float64Array;

  constructor(private readonly features: number) {
    this.sizesA = new Float64Array(features);
    this.sizesB = new Float64Array(features);
    this.moves = new Float64Array(features);
  }

  get rows(): number {
    return this.scoresA.length;
  }

  add(a: Scores, b: Scores, frauds: Uint8Array, atMs: readonly number[]): void {
    for (const [row, at] of atMs.entries()) {
      this.scoresA.push(a.scores[row]!);
      this.scoresB.push(b.scores[row]!);
      this.frauds.push(frauds[row]!);
      this.days.push(Math.floor(at / DAY_MS));
      for (let f = 0; f < this.features; f++) {
        const ours = a.contributions[row * this.features + f]!;
        const theirs = b.contributions[row * this.features + f]!;
        this.sizesA[f]! += Math.abs(ours);
        this.sizesB[f]! += Math.abs(theirs);
        this.moves[f]! += Math.abs(theirs - ours);
      }
    }
  }
}
