import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Manifest } from '../manifest.js';
import type { ExpectedCatalogue, Model } from '../model.js';
import { messageOf, ModelRefused } from '../model-refused.js';
import { checkOnnx } from '../onnx/check-onnx.js';
import { readOnnx } from '../onnx/read-onnx.js';
import { OnnxScorer } from '../onnx-scorer.js';
import { parseManifest } from '../parse-manifest.js';
import { checkGolden, checkOddRows } from './check-answers.js';
import { checkCatalogue } from './check-catalogue.js';
import { readInside } from './read-inside.js';

/** What every manifest is called. */
export const MANIFEST_FILE = 'manifest.json';
/** Ours have 0.1 to 0.2 MB. */
export const MOST_MANIFEST_BYTES = 8 * 1024 * 1024;

/** The checks of a load, in their order. */
export const CHECKS = [
  'files',
  'manifest',
  'features',
  'sha256',
  'onnx',
  'session',
  'golden rows',
  'odd rows',
] as const;
export type Check = (typeof CHECKS)[number];

export interface Verification {
  readonly catalogue: ExpectedCatalogue;
  readonly maxBytes: number;
  /** Told after each check that passed, with what was seen. */
  readonly passed?: (check: Check, found: string) => void;
}

/**
 * Verifies the model in a directory, loads it and warms it up. Between the checks the event loop gets its turn.
 * @throws ModelRefused with the first thing that is wrong; nothing stays in memory then
 */
export async function openVerified(
  directory: string,
  verification: Verification,
): Promise<Omit<Model, 'source'>> {
  const { catalogue, maxBytes, passed } = verification;
  const manifest = await readManifest(directory, maxBytes);
  passed?.('manifest', `version ${manifest.version}, format ${manifest.format}`);
  checkCatalogue(manifest, catalogue);
  passed?.('features', `${manifest.features.length}, catalogue ${catalogue.version}`);
  const bytes = await readModelFile(directory, manifest, maxBytes);
  passed?.('sha256', manifest.model.sha256);
  await nextTurn();
  const graph = readOnnx(bytes);
  checkOnnx(graph, { ...manifest.model, features: manifest.features.length });
  passed?.(
    'onnx',
    `${bytes.length} bytes, nodes: ${graph.graph.nodes.map((node) => node.operator).join(', ')}`,
  );
  await nextTurn();
  const scorer = await openScorer(bytes, manifest, directory);
  try {
    passed?.('session', 'loaded by ONNX Runtime');
    await nextTurn();
    await checkGolden(scorer, manifest);
    passed?.('golden rows', `${manifest.golden.length} as in training, explained by their contributions`);
    await checkOddRows(scorer, manifest);
    passed?.('odd rows', 'all missing and out of any range: still probabilities');
  } catch (error) {
    await scorer.release();
    throw error;
  }
  return {
    manifest,
    directory,
    run: (vectors, rows) => scorer.run(vectors, rows),
    release: () => scorer.release(),
  };
}

/**
 * Reads the manifest in a directory.
 * @throws ModelRefused not_found, path_outside, too_large, manifest_invalid
 */
export async function readManifest(directory: string, maxBytes: number): Promise<Manifest> {
  const limit = Math.min(MOST_MANIFEST_BYTES, maxBytes);
  return parseManifest((await readInside(directory, MANIFEST_FILE, limit)).toString('utf8'));
}

/**
 * Reads the model file that a manifest names.
 * @throws ModelRefused not_found, path_outside, too_large, hash_mismatch
 */
export async function readModelFile(
  directory: string,
  { model }: Manifest,
  maxBytes: number,
): Promise<Buffer> {
  const bytes = await readInside(directory, model.file, maxBytes);
  const sha256 = hash('sha256', bytes, 'hex');
  if (sha256 === model.sha256) return bytes;
  throw new ModelRefused(
    'hash_mismatch',
    `${join(directory, model.file)} has sha256 ${sha256}; its manifest says ${model.sha256}`,
  );
}

async function openScorer(bytes: Uint8Array, manifest: Manifest, directory: string): Promise<OnnxScorer> {
  try {
    return await OnnxScorer.open(bytes, manifest);
  } catch (cause) {
    const path = join(directory, manifest.model.file);
    throw new ModelRefused('not_loadable', `${path}: ${messageOf(cause)}`, { cause });
  }
}
