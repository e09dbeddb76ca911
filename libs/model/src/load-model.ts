import { loadConfig } from '@fraud/platform';
import type { ExpectedCatalogue, Model } from './model.js';
import type { ModelSourceSettings } from './source/model-source.js';
import { modelSourceSettings, openModelSource } from './source/open-model-source.js';

/**
 * Loads one model: found, verified, warm.
 * @param uri a directory, also as file: URL, or s3://bucket[/prefix]: the model, or one folder per version
 * @param version the version that must run; undefined = the one that is there
 * @param settings limits, cache and S3; by default as the environment says
 * @throws ModelRefused with the reason
 */
export function loadModel(
  uri: string,
  version: string | undefined,
  catalogue: ExpectedCatalogue,
  settings: Partial<Omit<ModelSourceSettings, 'uri' | 'catalogue'>> = {},
): Promise<Model> {
  const configured = modelSourceSettings(loadConfig(), catalogue);
  return openModelSource({ ...configured, ...settings, uri }).load(version);
}
