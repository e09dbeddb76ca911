/** Sizes of runs by powers of two: 1, 2, 3–4, 5–8 … 65–128, more. */
const CLASSES = 9;
/** Weight of the newest measure. */
const WEIGHT = 0.2;
/** Before anything was measured, ms. */
const UNKNOWN_MS = 1;
const UNKNOWN_ROW_MS = 0.05;
/** Smaller turns say what a turn takes, not what a row does. */
const LEAST_ROWS = 16;
/** A prediction is so much longer than what was measured: half of all runs are slower than their mean. */
const MARGIN = 1.5;
/** A stage that was left out since it would take too long is thought to be so much quicker each time: it may have recovered. */
const FORGIVING = 0.95;

/** Predicts how long what cannot be interrupted takes, from how long it took. */
export class Pace {
  private readonly modelMs = new Float64Array(CLASSES).fill(UNKNOWN_MS);
  private restMs = UNKNOWN_MS;
  private perRowMs = UNKNOWN_ROW_MS;

  /** A run of the model over so many rows, ms. */
  model(rows: number): number {
    return this.modelMs[classOf(rows)]! * MARGIN;
  }

  /** What follows on the model, until answers leave: policy and record, ms. */
  get rest(): number {
    return this.restMs * MARGIN;
  }

  /** Each transaction while many are under way, ms. */
  get each(): number {
    return this.perRowMs;
  }

  tookTurn(rows: number, ms: number): void {
    if (rows >= LEAST_ROWS) this.perRowMs = mean(this.perRowMs, ms / rows);
  }

  ranModel(rows: number, ms: number): void {
    const size = classOf(rows);
    this.modelMs[size] = mean(this.modelMs[size]!, ms);
  }

  leftOutModel(rows: number): void {
    this.modelMs[classOf(rows)]! *= FORGIVING;
  }

  finished(ms: number): void {
    this.restMs = mean(this.restMs, ms);
  }
}

const classOf = (rows: number): number => Math.min(CLASSES - 1, rows < 2 ? 0 : 32 - Math.clz32(rows - 1));
const mean = (before: number, now: number): number => before + WEIGHT * (now - before);
