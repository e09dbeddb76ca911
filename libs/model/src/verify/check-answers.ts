import type { Manifest } from '../manifest.js';
import { messageOf, ModelRefused } from '../model-refused.js';
import { UnexpectedOutput, type OnnxScorer, type Scores } from '../onnx-scorer.js';

/** Largest difference to the score that Python computed for the same row. */
const GOLDEN_TOLERANCE = 1e-5;
/** Contributions are log-odds of any size, so their tolerance is ten times a score's. */
const CONTRIBUTION_TOLERANCE = 1e-4;
/** Of log-odds of the score and bias + contributions. */
const SUM_TOLERANCE = 2e-5;
/** By so much the runtime's Sigmoid may be off, in float32; how much log-odds that is depends on the score. */
const SCORE_ERROR = 2.5e-7;

/**
 * The golden rows get what they got in training, and scores are explained by their contributions. This is the warm-up.
 * @throws ModelRefused golden_mismatch, contributions_mismatch, output_invalid, onnx_signature, not_loadable
 */
export async function checkGolden(scorer: OnnxScorer, manifest: Manifest): Promise<void> {
  const { golden, bias, features } = manifest;
  const vectors = Float32Array.from(golden.flatMap((row) => row.features.map((v) => v ?? NaN)));
  const { scores, contributions } = await run(scorer, vectors, golden.length);
  const width = features.length;
  for (const [i, row] of golden.entries()) {
    const score = scores[i]!;
    const own = contributions.subarray(i * width, (i + 1) * width);
    requireNumbers(score, own, `golden row ${i}`);
    if (Math.abs(score - row.score) > GOLDEN_TOLERANCE)
      throw new ModelRefused(
        'golden_mismatch',
        `golden row ${i} scores ${score}; its manifest says ${row.score}`,
      );
    const other = row.contributions.findIndex((c, j) => Math.abs(c - own[j]!) > CONTRIBUTION_TOLERANCE);
    if (other >= 0)
      throw new ModelRefused(
        'golden_mismatch',
        `golden row ${i} gets ${own[other]} from ${features[other]}; its manifest says ${row.contributions[other]}`,
      );
    requireSum(score, own, bias, i);
  }
}

/**
 * Rows as odd as a broken history can make them get a probability, too.
 * @throws ModelRefused output_invalid, onnx_signature, not_loadable
 */
export async function checkOddRows(scorer: OnnxScorer, { features }: Manifest): Promise<void> {
  const odd = [NaN, 0, -1, 1e9, -1e9];
  const width = features.length;
  const vectors = new Float32Array(odd.length * width);
  for (const [i, value] of odd.entries()) vectors.fill(value, i * width, (i + 1) * width);
  const { scores, contributions } = await run(scorer, vectors, odd.length);
  for (const [i, value] of odd.entries()) {
    const own = contributions.subarray(i * width, (i + 1) * width);
    requireNumbers(scores[i]!, own, `a row of ${Number.isNaN(value) ? 'missing values' : `${value} alone`}`);
  }
}

async function run(scorer: OnnxScorer, vectors: Float32Array, rows: number): Promise<Scores> {
  try {
    return await scorer.run(vectors, rows);
  } catch (cause) {
    const reason = cause instanceof UnexpectedOutput ? 'onnx_signature' : 'not_loadable';
    throw new ModelRefused(reason, `the model does not score: ${messageOf(cause)}`, { cause });
  }
}

function requireNumbers(score: number, contributions: Float32Array, row: string): void {
  if (!(score >= 0 && score <= 1))
    throw new ModelRefused('output_invalid', `${row} scores ${score}, which is no probability`);
  const at = contributions.findIndex((c) => !Number.isFinite(c));
  if (at >= 0)
    throw new ModelRefused('output_invalid', `${row} gets ${contributions[at]} as contribution ${at}`);
}

function requireSum(score: number, contributions: Float32Array, bias: number, row: number): void {
  const sum = contributions.reduce((a, b) => a + b, bias);
  const logOdds = Math.log(score / (1 - score));
  // Where a score is 0 or 1 in float32, any log-odds of that sign and size would be.
  const tolerance = SUM_TOLERANCE + SCORE_ERROR / (score * (1 - score));
  if (
    Math.abs(sum - logOdds) <= tolerance ||
    (!Number.isFinite(logOdds) && sum * logOdds > 0 && Math.abs(sum) > 14)
  )
    return;
  throw new ModelRefused(
    'contributions_mismatch',
    `golden row ${row}: bias and contributions add up to ${sum}, the score ${score} has log-odds of ${logOdds}`,
  );
}
