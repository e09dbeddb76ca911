import type { Config } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';

/** Which model decides, or why none does, for people. */
export function modelNote(
  engine: Engine,
  { MODEL_URI, MODEL_SHADOW_VERSION, MODEL_ROLLOUT }: Config,
): string {
  const { model, model_sha256: sha256, features } = engine.versions;
  const { unavailable } = engine.models;
  const active =
    unavailable === null
      ? `${model} (sha256 ${sha256}…, feature catalogue ${features}) from ${MODEL_URI}`
      : `none yet, so /ready says 503: ${unavailable.message}`;
  const shadow = MODEL_SHADOW_VERSION === undefined ? '' : `; shadow ${MODEL_SHADOW_VERSION}`;
  const rollout = MODEL_ROLLOUT === undefined ? '' : `; rollout ${MODEL_ROLLOUT} %`;
  return `${active}${shadow}${rollout}`;
}
