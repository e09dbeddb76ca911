import { Ajv } from 'ajv';
import { MANIFEST_SCHEMA } from './manifest.schema.js';
import type { Bins, CategoryShares, Manifest } from './manifest.js';
import { ModelRefused } from './model-refused.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** Sums of rounded shares. */
const SHARES_TOLERANCE = 1e-3;
const FAULTS_SHOWN = 20;

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addFormat('date-time', (value: string) => INSTANT.test(value) && !Number.isNaN(Date.parse(value)));
const validate = ajv.compile<Manifest>(MANIFEST_SCHEMA);

/**
 * Reads a manifest.
 * @throws ModelRefused manifest_invalid, which names the wrong fields; path_outside where the file is no plain name
 */
export function parseManifest(json: string): Manifest {
  const value = parse(json);
  refusePath(value);
  if (!validate(value)) {
    const faults = (validate.errors ?? []).map(
      (e) => `${e.instancePath || '(file)'} ${e.message ?? 'is not valid'}`,
    );
    throw invalid(faults);
  }
  const faults = contradictions(value);
  if (faults.length > 0) throw invalid(faults);
  return value;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ModelRefused('manifest_invalid', 'manifest.json is not JSON');
  }
}

/** A name that leads elsewhere is an attack or a grave mistake: it gets its own code. */
function refusePath(value: unknown): void {
  const file = (value as { model?: { file?: unknown } } | null)?.model?.file;
  if (typeof file === 'string' && (/[/\\\0:]/.test(file) || file === '..'))
    throw new ModelRefused(
      'path_outside',
      `the model file ${JSON.stringify(file)} is not the name of a file`,
    );
}

/** What a schema cannot say. */
function contradictions({ features, golden, drift_reference: drift }: Manifest): string[] {
  const faults: string[] = [];
  const width = features.length;
  const wrong = golden.findIndex(
    (row) => row.features.length !== width || row.contributions.length !== width,
  );
  if (wrong >= 0) faults.push(`/golden/${wrong} does not have ${width} values`);
  if (drift === undefined) return faults;
  faults.push(...binFaults('/drift_reference/score', drift.score, 0));
  for (const [name, bins] of Object.entries(drift.features)) {
    if (!features.includes(name))
      faults.push(`/drift_reference/features/${name} is not a feature of the model`);
    faults.push(...binFaults(`/drift_reference/features/${name}`, bins, bins.missing));
  }
  for (const [name, category] of Object.entries(drift.categories ?? {}))
    faults.push(...categoryFaults(`/drift_reference/categories/${name}`, category));
  return faults;
}

function categoryFaults(where: string, category: CategoryShares): string[] {
  const { values, shares, rare, rare_share, missing, unseen } = category;
  const faults: string[] = [];
  if (shares.length !== values.length)
    faults.push(`${where} has ${values.length} values for ${shares.length} shares`);
  const twice = rare.find((value) => values.includes(value));
  if (twice !== undefined) faults.push(`${where} has ${twice} among its frequent and its rare values`);
  const sum = shares.reduce((a, b) => a + b, rare_share + missing + unseen);
  if (Math.abs(sum - 1) > SHARES_TOLERANCE) faults.push(`${where} has shares that add up to ${sum}`);
  return faults;
}

function binFaults(where: string, { edges, shares, range }: Bins, missing: number): string[] {
  const faults: string[] = [];
  if (shares.length !== edges.length + 1)
    faults.push(`${where} has ${edges.length} edges for ${shares.length} shares`);
  if (edges.some((edge, i) => i > 0 && edge <= edges[i - 1]!))
    faults.push(`${where} has edges that do not rise`);
  if (
    range !== undefined &&
    [range[0], ...edges, range[1]].some((edge, i, all) => i > 0 && edge < all[i - 1]!)
  )
    faults.push(`${where} has a range that does not hold its edges`);
  const sum = shares.reduce((a, b) => a + b, missing);
  if (Math.abs(sum - 1) > SHARES_TOLERANCE) faults.push(`${where} has shares that add up to ${sum}`);
  return faults;
}

function invalid(faults: readonly string[]): ModelRefused {
  const more = faults.length > FAULTS_SHOWN ? `; and ${faults.length - FAULTS_SHOWN} more` : '';
  const shown = faults.slice(0, FAULTS_SHOWN).join('; ');
  return new ModelRefused('manifest_invalid', `manifest.json is not valid: ${shown}${more}`);
}
