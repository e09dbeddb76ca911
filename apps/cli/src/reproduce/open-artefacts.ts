import type { ServedModel } from '@fraud/model';
import type { Config } from '@fraud/platform';
import type { RecordsReader } from '@fraud/records';
import type { Artefacts } from '@fraud/scoring';
import { findModel } from './find-model.js';

/** Where inputs are found again, each looked for once. */
export interface OpenArtefacts extends Artefacts {
  close(): Promise<void>;
}

/** Policies and tables from the records, models from MODEL_URI. */
export function openArtefacts(config: Config, reader: RecordsReader): OpenArtefacts {
  const texts = new Map<string, Promise<string | null>>();
  const models = new Map<string, Promise<ServedModel | null>>();
  return {
    artefact: (name, version) => once(texts, `${name} ${version}`, () => reader.artefact(name, version)),
    labels: (ids) => reader.labels(ids),
    model: (version, sha256) =>
      once(models, `${version} ${sha256}`, () => findModel(config, version, sha256)),
    close: async () => {
      for (const model of models.values()) await (await model)?.retire();
    },
  };
}

function once<V>(kept: Map<string, Promise<V>>, key: string, find: () => Promise<V>): Promise<V> {
  const found = kept.get(key) ?? find();
  kept.set(key, found);
  return found;
}
