import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE_VERSION, FEATURE_NAMES, VECTOR_LENGTH } from '@fraud/features';
import { loadModel, type Model } from '@fraud/model';

const MODELS = path.resolve(import.meta.dirname, '../../models');

/** A generator of its own, so that the rows are the same on every machine. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows as odd as they can get: any size, either sign, many missing. */
function rows(n: number): Float32Array {
  const random = pseudoRandom(1);
  return Float32Array.from({ length: n * VECTOR_LENGTH }, () => {
    const kind = random();
    if (kind < 0.15) return NaN;
    return kind < 0.3 ? 0 : (random() - 0.3) * 10 ** (random() * 6);
  });
}

describe('the shipped model', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(MODELS, undefined, { version: CATALOGUE_VERSION, features: FEATURE_NAMES });
  });
  afterAll(() => model.release());

  it('gives the golden rows the scores and contributions that Python gave them, within 1e-5', async () => {
    const { golden } = model.manifest;
    const vectors = Float32Array.from(golden.flatMap((row) => row.features.map((v) => v ?? NaN)));
    const { scores, contributions } = await model.run(vectors, golden.length);
    for (const [i, row] of golden.entries()) {
      expect(Math.abs(scores[i]! - row.score)).toBeLessThanOrEqual(1e-5);
      row.contributions.forEach((c, j) => {
        expect(Math.abs(contributions[i * VECTOR_LENGTH + j]! - c)).toBeLessThanOrEqual(1e-5);
      });
    }
    expect(golden.length).toBeGreaterThanOrEqual(20);
    expect(new Set(golden.map((row) => Math.floor(row.score * 3))).size).toBe(3);
  });

  it('explains its scores: bias and contributions add up to the log-odds of the score', async () => {
    const n = 200;
    const { scores, contributions } = await model.run(rows(n), n);
    for (let i = 0; i < n; i++) {
      const sum = contributions
        .subarray(i * VECTOR_LENGTH, (i + 1) * VECTOR_LENGTH)
        .reduce((a, c) => a + c, 0);
      expect(1 / (1 + Math.exp(-(model.manifest.bias + sum)))).toBeCloseTo(scores[i]!, 5);
    }
  });

  it.each([1, 7, 64, 128, 300])('gives a row the same bits in batches of %i', async (size) => {
    const n = 600;
    const vectors = rows(n);
    const whole = await model.run(vectors, n);
    const scores = new Float32Array(n);
    const contributions = new Float32Array(n * VECTOR_LENGTH);
    for (let from = 0; from < n; from += size) {
      const count = Math.min(size, n - from);
      const part = await model.run(
        vectors.slice(from * VECTOR_LENGTH, (from + count) * VECTOR_LENGTH),
        count,
      );
      scores.set(part.scores, from);
      contributions.set(part.contributions, from * VECTOR_LENGTH);
    }
    expect(scores).toEqual(whole.scores);
    expect(contributions).toEqual(whole.contributions);
  });

  it('has a card of its own in docs/model.md, with its version, its hash, its quality and its pictures', async () => {
    const docs = path.resolve(MODELS, '../docs');
    const card = await readFile(path.join(docs, 'model.md'), 'utf8');
    const { version, model: file, metrics } = model.manifest;
    const { average_precision: averagePrecision } = metrics['holdout'] as { average_precision: number };
    expect(card).toContain(`# Model card: version ${version}\n`);
    expect(card).toContain(file.sha256);
    expect(card).toContain(`| Holdout | ${averagePrecision.toFixed(3)} (`);
    expect(averagePrecision).toBeGreaterThan(0.6);
    // Perfect would mean that the simulator is a toy.
    expect(averagePrecision).toBeLessThan(0.9);
    const pictures = [...card.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1]!);
    expect(pictures).toHaveLength(3);
    for (const picture of pictures)
      expect((await readFile(path.join(docs, picture))).subarray(1, 4).toString()).toBe('PNG');
  });

  it('stays sensible when the store is down: with everything missing, no one is declined', async () => {
    const { scores } = await model.run(new Float32Array(VECTOR_LENGTH).fill(NaN), 1);
    expect(scores[0]).toBeGreaterThanOrEqual(0);
    expect(scores[0]).toBeLessThan(0.5);
  });
});
