import { readFileSync } from 'node:fs';
import { CATALOGUE, celTypes } from '@fraud/features';
import { ConfigError } from '@fraud/platform';
import { readRules, RuleLanguage, RuleSet, RulesRefused } from '@fraud/policy';
import { FileInForce } from '../file-in-force.js';

/** What rules may speak of here: the features of the catalogue, the score, and the transaction. */
export const RULE_LANGUAGE = new RuleLanguage(celTypes(CATALOGUE));

/** Where nobody has rules. */
export const NO_RULES = new RuleSet([], '', '');

/** @throws ConfigError with every fault, each with its place */
export function parseRules(text: string, name: string): RuleSet {
  try {
    return readRules(text, name, RULE_LANGUAGE);
  } catch (cause) {
    throw cause instanceof RulesRefused ? new ConfigError(cause.message) : cause;
  }
}

/** @throws ConfigError */
export function readRulesFile(path: string): RuleSet {
  try {
    return parseRules(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`${path} cannot be read: ${(cause as Error).message}`);
  }
}

/** Follows rules.yaml. */
export class RulesFile extends FileInForce<RuleSet> {
  /** @throws ConfigError: what is there at the start has to be valid */
  constructor(path: string) {
    super(path, readRulesFile(path), parseRules);
  }
}
