import { CATALOGUE_VERSION, FEATURE_NAMES } from '@fraud/features';
import { ModelRefused, modelSourceSettings, openModelSource, ServedModel, type Model } from '@fraud/model';
import type { Config } from '@fraud/platform';

/**
 * Finds a model at MODEL_URI by what answers say of it, whatever its folder is called. Those whose folder is called like the version
 * are tried first, others from the newest on.
 * @param sha256 the first 12 hex digits of its file's
 * @returns null where there is none
 */
export async function findModel(
  config: Config,
  version: string,
  sha256: string,
): Promise<ServedModel | null> {
  const settings = modelSourceSettings(config, { version: CATALOGUE_VERSION, features: FEATURE_NAMES });
  const source = openModelSource(settings);
  const there: readonly string[] = await source.versions().catch(() => []);
  const likely = [`v${version}`, version].filter((name) => there.includes(name));
  const places: (string | undefined)[] = [
    ...likely,
    undefined,
    ...there.toReversed().filter((name) => !likely.includes(name)),
  ];
  for (const place of places) {
    const model = await loaded(() => source.load(place));
    if (model === null) continue;
    if (model.manifest.version === version && model.manifest.model.sha256.startsWith(sha256))
      return new ServedModel(version, model, new Date());
    await model.release();
  }
  return null;
}

/** One that this version refuses is none. */
async function loaded(load: () => Promise<Model>): Promise<Model | null> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof ModelRefused) return null;
    throw cause;
  }
}
