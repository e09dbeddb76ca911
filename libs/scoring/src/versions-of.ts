import type { Versions } from '@fraud/contract';
import { CATALOGUE_VERSION } from '@fraud/features';
import type { ServedModel } from '@fraud/model';
import { ENGINE_VERSION } from '@fraud/platform';

/** What answers say about what decided them, by the model that scored; made once for each model. */
export class VersionsOf {
  private readonly byModel = new WeakMap<ServedModel, Versions>();
  private readonly none: Versions;

  /** @param rules empty: nobody has rules, as in answers of versions that had none */
  constructor(policy: string, fx: string, rules = '') {
    this.none = {
      engine: ENGINE_VERSION,
      features: CATALOGUE_VERSION,
      model: '',
      model_sha256: '',
      policy,
      fx,
      ...(rules === '' ? {} : { rules }),
    };
  }

  /** @param model null: there is none */
  of(model: ServedModel | null): Versions {
    if (model === null) return this.none;
    const known = this.byModel.get(model);
    if (known !== undefined) return known;
    const { version, model: file } = model.manifest;
    const versions = { ...this.none, model: version, model_sha256: file.sha256.slice(0, 12) };
    this.byModel.set(model, versions);
    return versions;
  }
}
