import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseManifest, type Manifest } from './manifest.js';
import { ModelRefused } from './model-refused.js';
import { OnnxScorer, type Scores } from './onnx-scorer.js';

/** Largest difference to the score that Python computed for the same row. */
const GOLDEN_TOLERANCE = 1e-5;

/** What the running code can feed to a model. */
export interface ExpectedCatalogue {
  readonly version: string;
  readonly features: readonly string[];
}

/** A verified, warm model. */
export interface Model {
  readonly manifest: Manifest;
  run(vectors: Float32Array, rows: number): Promise<Scores>;
  release(): Promise<void>;
}

/**
 * Loads a model: manifest, catalogue, hash, then a first run over the golden rows, which warms it up.
 * @param uri a directory, also as file: URL, that holds the model or one directory per version
 * @param version the version that must run; undefined = the one that is there
 * @throws ModelRefused with the reason
 */
export async function loadModel(
  uri: string,
  version: string | undefined,
  catalogue: ExpectedCatalogue,
): Promise<Model> {
  const directory = locate(uri, version);
  const manifest = parseManifest(await readText(join(directory, 'manifest.json')));
  if (version !== undefined && manifest.version !== version) {
    throw new ModelRefused(
      'version_mismatch',
      `${directory} holds version ${manifest.version}, not ${version}`,
    );
  }
  checkCatalogue(manifest, catalogue);
  const path = join(directory, manifest.model.file);
  if (!existsSync(path)) throw new ModelRefused('not_found', `there is no ${path}`);
  const bytes = await readFile(path);
  const sha256 = hash('sha256', bytes, 'hex');
  if (sha256 !== manifest.model.sha256) {
    throw new ModelRefused(
      'hash_mismatch',
      `${path} has sha256 ${sha256}; its manifest says ${manifest.model.sha256}`,
    );
  }
  const scorer = await open(bytes, manifest, path);
  await checkGolden(scorer, manifest);
  return { manifest, run: (vectors, rows) => scorer.run(vectors, rows), release: () => scorer.release() };
}

function locate(uri: string, version: string | undefined): string {
  if (/^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(uri)) {
    throw new ModelRefused('not_found', `MODEL_URI ${uri}: only directories are supported so far`);
  }
  const root = uri.startsWith('file:') ? pathOf(uri) : uri;
  const versioned = version === undefined ? undefined : join(root, version);
  const directory =
    versioned !== undefined && existsSync(join(versioned, 'manifest.json')) ? versioned : root;
  if (!existsSync(join(directory, 'manifest.json'))) {
    throw new ModelRefused('not_found', `there is no manifest.json in ${versioned ?? root}`);
  }
  return directory;
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new ModelRefused('not_found', `MODEL_URI ${uri}: ${messageOf(cause)}`);
  }
}

function checkCatalogue(manifest: Manifest, catalogue: ExpectedCatalogue): void {
  const unknown = manifest.features.filter((name) => !catalogue.features.includes(name));
  if (unknown.length > 0) {
    throw new ModelRefused(
      'catalogue_mismatch',
      `the model needs features that are not in the catalogue: ${unknown.join(', ')}`,
    );
  }
  const sameOrder =
    manifest.features.length === catalogue.features.length &&
    manifest.features.every((name, i) => name === catalogue.features[i]);
  if (!sameOrder || manifest.catalogue_version !== catalogue.version) {
    throw new ModelRefused(
      'catalogue_mismatch',
      `the model was trained on feature catalogue ${manifest.catalogue_version}; this is ${catalogue.version}. Train it anew: npm run train`,
    );
  }
}

async function open(bytes: Uint8Array, manifest: Manifest, path: string): Promise<OnnxScorer> {
  try {
    return await OnnxScorer.open(bytes, manifest);
  } catch (cause) {
    throw new ModelRefused('not_loadable', `${path}: ${messageOf(cause)}`);
  }
}

async function checkGolden(scorer: OnnxScorer, manifest: Manifest): Promise<void> {
  const width = manifest.features.length;
  const { golden } = manifest;
  const vectors = Float32Array.from(golden.flatMap((row) => row.features.map((v) => v ?? NaN)));
  const { scores, contributions } = await runGolden(scorer, vectors, golden.length);
  for (const [i, row] of golden.entries()) {
    const off = Math.abs(scores[i]! - row.score);
    const offContributions = row.contributions.map((c, j) => Math.abs(c - contributions[i * width + j]!));
    // Contributions are log-odds of any size, so their tolerance is ten times a score's.
    if (!(off <= GOLDEN_TOLERANCE) || !offContributions.every((d) => d <= 10 * GOLDEN_TOLERANCE)) {
      await scorer.release();
      throw new ModelRefused(
        'golden_mismatch',
        `golden row ${i} scores ${scores[i]}; its manifest says ${row.score}`,
      );
    }
  }
}

async function runGolden(scorer: OnnxScorer, vectors: Float32Array, rows: number): Promise<Scores> {
  try {
    return await scorer.run(vectors, rows);
  } catch (cause) {
    await scorer.release();
    throw new ModelRefused('not_loadable', `the golden rows cannot be scored: ${messageOf(cause)}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ModelRefused('not_found', `${path} cannot be read: ${messageOf(cause)}`);
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
