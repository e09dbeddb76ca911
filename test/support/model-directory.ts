import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { REPOSITORY } from './cli.js';

export const SHIPPED = path.join(REPOSITORY, 'models');

/** What a test may change of a manifest. */
export interface Draft {
  format: number;
  version: string;
  catalogue_version: string;
  features: string[];
  bias: number;
  model: { file: string; sha256: string; opset?: Record<string, number> };
  golden: { features: (number | null)[]; score: number; contributions: number[] }[];
  [field: string]: unknown;
}

export interface Variant {
  readonly manifest?: (manifest: Draft) => void;
  readonly onnx?: (model: Uint8Array) => Uint8Array;
  /** Whether the manifest names the sha256 of the changed file; by default it does. */
  readonly rehash?: boolean;
}

/** The shipped model with changes, in a directory that is made. */
export async function writeModel(
  directory: string,
  { manifest, onnx, rehash = true }: Variant = {},
): Promise<void> {
  const shipped = JSON.parse(readFileSync(path.join(SHIPPED, 'manifest.json'), 'utf8')) as Draft;
  const bytes: Uint8Array = readFileSync(path.join(SHIPPED, shipped.model.file));
  const changed = onnx?.(bytes) ?? bytes;
  if (rehash) shipped.model.sha256 = hash('sha256', changed, 'hex');
  const { file } = shipped.model;
  manifest?.(shipped);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, file), changed);
  await writeFile(path.join(directory, 'manifest.json'), JSON.stringify(shipped));
}
