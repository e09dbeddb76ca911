import ort from 'onnxruntime-node';
import type { Manifest } from './manifest.js';

/**
 * Rows per run: `session.run` holds the event loop until it ends, so a run is kept well below 2 ms.
 */
const ROWS_PER_RUN = 128;

/** What one run over `rows` vectors gives. */
export interface Scores {
  /** Probability of fraud by row. */
  readonly scores: Float32Array;
  /** What each feature added, in log-odds: rows × features. */
  readonly contributions: Float32Array;
}

/** A model gave something else than its manifest promises. */
export class UnexpectedOutput extends Error {
  override readonly name = 'UnexpectedOutput';
}

/** A model in memory. */
export class OnnxScorer {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly manifest: Manifest,
  ) {}

  /** One thread and sequential: more threads only add tail latency beside a busy event loop. */
  static async open(bytes: Uint8Array, manifest: Manifest): Promise<OnnxScorer> {
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // What is wrong with a model is in the error; on standard error it would only stand a second time.
      logSeverityLevel: 4,
    });
    return new OnnxScorer(session, manifest);
  }

  /**
   * Scores `rows` vectors that lie one after another; the same row gets the same bits in any batch.
   * @throws where the runtime fails; UnexpectedOutput
   */
  async run(vectors: Float32Array, rows: number): Promise<Scores> {
    const width = this.manifest.features.length;
    if (rows <= ROWS_PER_RUN) return await this.runOnce(vectors, rows, width);
    const scores = new Float32Array(rows);
    const contributions = new Float32Array(rows * width);
    for (let from = 0; from < rows; from += ROWS_PER_RUN) {
      const n = Math.min(ROWS_PER_RUN, rows - from);
      const part = await this.runOnce(vectors.subarray(from * width, (from + n) * width), n, width);
      scores.set(part.scores, from);
      contributions.set(part.contributions, from * width);
    }
    return { scores, contributions };
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private async runOnce(vectors: Float32Array, rows: number, width: number): Promise<Scores> {
    const { input, outputs } = this.manifest.model;
    const results = await this.session.run({ [input]: new ort.Tensor('float32', vectors, [rows, width]) }, [
      outputs.score,
      outputs.contributions,
    ]);
    const scores = results[outputs.score]?.data;
    const contributions = results[outputs.contributions]?.data;
    if (!(scores instanceof Float32Array) || scores.length !== rows)
      throw new UnexpectedOutput('the model gave no scores');
    if (!(contributions instanceof Float32Array) || contributions.length !== rows * width) {
      throw new UnexpectedOutput('the model gave no contributions');
    }
    return { scores, contributions };
  }
}
