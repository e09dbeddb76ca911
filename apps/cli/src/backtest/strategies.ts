import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CATALOGUE_VERSION, FEATURE_NAMES } from '@fraud/features';
import {
  ModelRefused,
  modelSourceSettings,
  openModelSource,
  ServedModel,
  type ModelsObserver,
} from '@fraud/model';
import { ConfigError, type Config } from '@fraud/platform';
import { openModels, readPolicy, readRulesFile, type PolicyVersion, type Strategy } from '@fraud/scoring';
import { UserError } from '../user-error.js';

/** What to decide by; what is left out is as configured. */
export interface Chosen {
  /** A version at MODEL_URI, or the address of a model. */
  readonly model?: string | undefined;
  /** A file. */
  readonly policy?: string | undefined;
}

export interface OpenedStrategies {
  readonly candidate: Strategy;
  /** What decides now. */
  readonly current: Strategy;
  close(): Promise<void>;
}

/**
 * Loads the model that decides now, and what is to be tried.
 * @throws UserError, ConfigError, ModelRefused
 */
export async function openStrategies(config: Config, chosen: Chosen): Promise<OpenedStrategies> {
  const currentPolicy = readPolicy(config.POLICY_FILE);
  const rules = readRulesFile(config.RULES_FILE);
  const candidatePolicy = chosen.policy === undefined ? currentPolicy : readChosen(chosen.policy);
  // A shadow decides nothing, and which cards a rollout had is not known of the past.
  const alone = { ...config, MODEL_SHADOW_VERSION: undefined, MODEL_ROLLOUT: undefined };
  const models = await openModels(alone, () => currentPolicy.content.rollout, NOBODY);
  try {
    const { active } = models.serving;
    if (active === null)
      throw models.unavailable ?? new UserError('No model decides now: see MODEL_URI and MODEL_VERSION');
    const model = chosen.model === undefined ? active : await loadChosen(config, chosen.model);
    return {
      current: { model: active, policy: currentPolicy.content, policyVersion: currentPolicy.version, rules },
      candidate: { model, policy: candidatePolicy.content, policyVersion: candidatePolicy.version, rules },
      close: async () => {
        if (model !== active) await model.retire();
        await models.close();
      },
    };
  } catch (cause) {
    await models.close();
    throw cause;
  }
}

const NOBODY: ModelsObserver = {
  loaded: () => undefined,
  swapped: () => undefined,
  rolloutStopped: () => undefined,
  controlLost: () => undefined,
};

/** A version where there is one of that name; else an address. */
async function loadChosen(config: Config, chosen: string): Promise<ServedModel> {
  const settings = modelSourceSettings(config, { version: CATALOGUE_VERSION, features: FEATURE_NAMES });
  const model = (await isAddress(chosen))
    ? await openModelSource({ ...settings, uri: chosen }).load(undefined)
    : await openModelSource(settings)
        .load(chosen)
        .catch((cause: unknown) => {
          throw explained(cause, chosen);
        });
  return new ServedModel(model.manifest.version, model, new Date());
}

async function isAddress(chosen: string): Promise<boolean> {
  if (chosen.includes('/')) return true;
  return await stat(join(chosen, 'manifest.json')).then(
    () => true,
    () => false,
  );
}

function explained(cause: unknown, chosen: string): unknown {
  if (!(cause instanceof ModelRefused)) return cause;
  if (cause.reason !== 'not_found' && cause.reason !== 'version_mismatch') return cause;
  return new UserError(
    `--model ${chosen}: ${cause.message}.\nGive a version at MODEL_URI, or where the model lies: a directory such as ./${chosen}, or s3://bucket/prefix`,
  );
}

function readChosen(path: string): PolicyVersion {
  try {
    return readPolicy(path);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UserError(`--policy: ${cause.message}\nconfig/policy.yaml shows what a policy looks like`);
  }
}
