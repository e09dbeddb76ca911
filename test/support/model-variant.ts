import { writeModel, type Draft } from './model-directory.js';

/** Tag of a float in `AttributeProto.floats`. */
const FLOAT = 0x3d;

/**
 * Writes a model of its own to a directory: the shipped one with another version, and all scores shifted.
 * @param shift in log-odds
 * @param more what else its manifest says
 */
export const writeModelVariant = (
  directory: string,
  version: string,
  shift = 0,
  more: (manifest: Draft) => void = () => undefined,
): Promise<void> =>
  writeModel(directory, {
    onnx: (model) => {
      const changed = Buffer.from(model);
      const at = changed.indexOf('base_values') + 'base_values'.length;
      if (changed[at] !== FLOAT) throw new Error('the base of the shipped model is not where it was');
      changed.writeFloatLE(changed.readFloatLE(at + 1) + shift, at + 1);
      return changed;
    },
    manifest: (manifest) => {
      more(manifest);
      manifest.version = version;
      manifest.bias += shift;
      // From the contributions: a score near 0 has too few digits for that.
      for (const row of manifest.golden)
        row.score = 1 / (1 + Math.exp(-row.contributions.reduce((sum, c) => sum + c, manifest.bias)));
    },
  });
