import type { Manifest } from '../manifest.js';
import type { ExpectedCatalogue } from '../model.js';
import { ModelRefused } from '../model-refused.js';

/**
 * A vector goes to the model as a whole, so the features must be those of the catalogue, in its order and meaning.
 * @throws ModelRefused catalogue_mismatch, which names each missing and unknown feature, or the first that is out of order
 */
export function checkCatalogue(manifest: Manifest, catalogue: ExpectedCatalogue): void {
  const { features } = manifest;
  const known = new Set(catalogue.features);
  const used = new Set(features);
  const unknown = features.filter((name) => !known.has(name));
  const missing = catalogue.features.filter((name) => !used.has(name));
  const faults: string[] = [];
  if (unknown.length > 0)
    faults.push(`the model needs features that are not in the catalogue: ${unknown.join(', ')}`);
  if (missing.length > 0)
    faults.push(`the model does not know features of the catalogue: ${missing.join(', ')}`);
  if (faults.length === 0) {
    const at = features.findIndex((name, i) => name !== catalogue.features[i]);
    if (at >= 0)
      faults.push(
        `the features are in another order: the model has ${features[at]} at place ${at}, the catalogue ${catalogue.features[at]}`,
      );
  }
  if (faults.length === 0 && manifest.catalogue_version === catalogue.version) return;
  throw new ModelRefused(
    'catalogue_mismatch',
    [
      ...faults,
      `the model was trained on feature catalogue ${manifest.catalogue_version}; this is ${catalogue.version}. Train it anew: npm run train`,
    ].join('; '),
  );
}
