import { CATALOGUE_VERSION, FEATURE_NAMES } from '@fraud/features';
import { Models, modelSourceSettings, openModelSource, type ModelsObserver } from '@fraud/model';
import { openControl, type Config, type ControlStore } from '@fraud/platform';
import { outOfBounds, type RolloutBounds } from '@fraud/policy';

const CATALOGUE = { version: CATALOGUE_VERSION, features: FEATURE_NAMES };

/**
 * The models that the configuration, and all instances together, ask for.
 * @param bounds of a rollout, as they are now
 * @param control closed with them; one of their own where there is none
 * @param patient a model that is not there, or must not run, is no reason not to start
 * @throws ModelRefused, ConfigError
 */
export async function openModels(
  config: Config,
  bounds: () => RolloutBounds,
  observer: ModelsObserver,
  control?: ControlStore,
  patient = false,
): Promise<Models> {
  return await Models.open({
    source: openModelSource(modelSourceSettings(config, CATALOGUE)),
    control: control ?? (await openControl(config)),
    patient,
    configured: {
      active: config.MODEL_VERSION,
      shadow: config.MODEL_SHADOW_VERSION,
      rollout: config.MODEL_ROLLOUT,
    },
    guard: {
      get windowMinutes() {
        return bounds().window_minutes;
      },
      verdict: (counts) => outOfBounds(counts, bounds()),
    },
    observer,
  });
}
