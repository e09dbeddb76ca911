import { CATALOGUE_VERSION, FEATURE_NAMES } from '@fraud/features';
import { modelSourceSettings, openModelSource, type ModelSource } from '@fraud/model';
import { loadConfig } from '@fraud/platform';

/** Where a model is that somebody names on the command line. */
export function modelSource(uri: string): ModelSource {
  const catalogue = { version: CATALOGUE_VERSION, features: FEATURE_NAMES };
  return openModelSource({ ...modelSourceSettings(loadConfig(), catalogue), uri });
}

/** Options of the commands that look at one model. */
export interface OneModel {
  readonly modelVersion?: string;
  readonly json?: true;
}
