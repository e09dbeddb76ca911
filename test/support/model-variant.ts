import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest } from '@fraud/model';
import { REPOSITORY } from './cli.js';

/** Tag of a float in `AttributeProto.floats`. */
const FLOAT = 0x3d;

/**
 * Writes a model of its own to a directory: the shipped one with another version, and all scores shifted.
 * @param shift in log-odds
 */
export async function writeModelVariant(directory: string, version: string, shift = 0): Promise<void> {
  const shipped = path.join(REPOSITORY, 'models');
  const onnx = await readFile(path.join(shipped, 'model.onnx'));
  const at = onnx.indexOf('base_values') + 'base_values'.length;
  if (onnx[at] !== FLOAT) throw new Error('the base of the shipped model is not where it was');
  onnx.writeFloatLE(onnx.readFloatLE(at + 1) + shift, at + 1);
  const manifest = JSON.parse(await readFile(path.join(shipped, 'manifest.json'), 'utf8')) as Manifest;
  // From the contributions: a score near 0 has too few digits for that.
  const shifted = (contributions: readonly number[]): number =>
    1 / (1 + Math.exp(-(contributions.reduce((sum, c) => sum + c, manifest.bias) + shift)));
  const variant: Manifest = {
    ...manifest,
    version,
    model: { ...manifest.model, sha256: createHash('sha256').update(onnx).digest('hex') },
    bias: manifest.bias + shift,
    golden: manifest.golden.map((row) => ({ ...row, score: shifted(row.contributions) })),
  };
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, manifest.model.file), onnx);
  await writeFile(path.join(directory, 'manifest.json'), JSON.stringify(variant));
}
