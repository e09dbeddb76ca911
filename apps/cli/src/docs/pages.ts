import { MANIFEST_SCHEMA } from '@fraud/model';
import { asyncApi } from './asyncapi.js';
import { configurationTable } from './configuration.js';
import { errorTable } from './errors.js';
import { featureTables } from './features.js';
import { formatJson } from './json.js';
import { metricTables } from './metrics.js';
import { refusalTable } from './refusals.js';
import { withSection } from './section.js';

/** A page of the repository that holds generated text. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  /** The page as it should be, from the page as it is. */
  readonly refresh: (page: string) => string;
}

const page = (path: string, section: string, generate: () => string): Page => ({
  path,
  refresh: (text) => withSection(text, section, generate()),
});

export const PAGES: readonly Page[] = [
  page('README.md', 'configuration', configurationTable),
  page('docs/features.md', 'features', featureTables),
  page('docs/metrics.md', 'metrics', metricTables),
  page('docs/errors.md', 'errors', errorTable),
  page('docs/operations/models.md', 'refusals', refusalTable),
  { path: 'docs/schemas/asyncapi.json', refresh: () => formatJson(asyncApi()) },
  { path: 'docs/schemas/model-manifest.schema.json', refresh: () => formatJson(MANIFEST_SCHEMA) },
];
