import type { ServedModel } from '@fraud/model';
import type { Engine } from '@fraud/scoring';

/** The models of this process, and what all instances want of them. */
export function describeModels({ models, shadow }: Engine): object {
  const { serving, desired, configured, unavailable } = models;
  const { rollout } = configured;
  return {
    active: serving.active === null ? null : describe(serving.active),
    unavailable: unavailable === null ? null : { code: unavailable.reason, message: unavailable.message },
    shadow: serving.shadow === null ? null : { ...describe(serving.shadow), comparison: shadow },
    rollout:
      rollout === undefined
        ? null
        : {
            rollout,
            candidate: serving.candidate === null ? null : describe(serving.candidate.model),
            // Of all instances together, within the window of the policy.
            counts: models.rolloutCounts,
            stopped: desired.stopped.find((one) => one.rollout === rollout) ?? null,
          },
    desired: { ...desired, changed_at: desired.changed_at || null, changed_by: desired.changed_by || null },
    set_by_environment: {
      MODEL_VERSION: configured.active ?? null,
      MODEL_SHADOW_VERSION: configured.shadow ?? null,
      MODEL_ROLLOUT: rollout ?? null,
    },
    loads: models.history,
  };
}

function describe(model: ServedModel): object {
  const { version, created_at, catalogue_version, model: file } = model.manifest;
  return {
    version: model.version,
    manifest_version: version,
    sha256: file.sha256,
    created_at,
    catalogue_version,
    source: model.source,
    loaded_at: model.loadedAt.toISOString(),
  };
}
