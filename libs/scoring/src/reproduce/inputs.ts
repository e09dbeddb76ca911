import { CATALOGUE_VERSION, parseFxTable, type FxTable } from '@fraud/features';
import type { ServedModel } from '@fraud/model';
import { ConfigError, parseYaml } from '@fraud/platform';
import { POLICY_SCHEMA, type Policy, type RuleSet } from '@fraud/policy';
import type { DecisionRecord } from '@fraud/records';
import { NO_RULES, parseRules } from '../rules/rules-file.js';
import type { Artefacts, Difference } from './reproduction.js';
import { noModelRan, silentModel } from './silent-model.js';

/** What a decision was made with. */
export interface Inputs {
  readonly fx: FxTable;
  readonly policy: Policy;
  readonly rules: RuleSet;
  /** Null: there was none. */
  readonly model: ServedModel | null;
}

/** Finds the inputs of a decision again, by the versions in its answer; else says which are missing. */
export async function inputsOf(
  record: DecisionRecord,
  artefacts: Artefacts,
): Promise<Inputs | readonly Difference[]> {
  const { versions } = record.decision;
  const differs: Difference[] = [];
  if (versions.features !== CATALOGUE_VERSION)
    differs.push({ input: 'feature catalogue', recorded: versions.features, now: CATALOGUE_VERSION });
  const read = async <T>(
    name: string,
    input: string,
    version: string,
    parse: (text: string) => T,
  ): Promise<T | null> => {
    const text = await artefacts.artefact(name, version);
    const missing = (now: string): null => {
      differs.push({ input, recorded: version, now });
      return null;
    };
    if (text === null || text === '') return missing('not recorded');
    try {
      return parse(text);
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      return missing(`not of a form that this version reads: ${cause.message}`);
    }
  };
  const fx = await read('fx', 'fx table', versions.fx, parseFxTable);
  const policy = await read(
    'policy',
    'policy',
    versions.policy,
    (text) => parseYaml<Policy>(text, 'the policy', POLICY_SCHEMA).content,
  );
  // Decided before there were any, or without any.
  const rules =
    versions.rules === undefined
      ? NO_RULES
      : await read('rules', 'rules', versions.rules, (text) => parseRules(text, 'the rules'));
  const model = await modelOf(record, artefacts);
  if (model === undefined)
    differs.push({
      input: 'model',
      recorded: `${versions.model} (${versions.model_sha256})`,
      now: 'not found',
    });
  if (fx === null || policy === null || rules === null || model === undefined || differs.length > 0)
    return differs;
  return { fx, policy, rules, model };
}

/** Undefined where it is not found. A run that failed cannot be repeated, but what follows from that can. */
async function modelOf(
  record: DecisionRecord,
  artefacts: Artefacts,
): Promise<ServedModel | null | undefined> {
  const { model, model_sha256 } = record.decision.versions;
  if (model === '') return null;
  if (noModelRan(record)) return silentModel(model, model_sha256);
  return (await artefacts.model(model, model_sha256)) ?? undefined;
}
