import { ConfigError, parseYaml, readYamlFile, type YamlFile } from '@fraud/platform';
import { POLICY_SCHEMA, policyFaults, type Policy } from '@fraud/policy';
import { FileInForce } from '../file-in-force.js';

/** A policy that may decide, with its version and its text. */
export type PolicyVersion = YamlFile<Policy>;

/** @throws ConfigError that names every fault */
export function readPolicy(path: string): PolicyVersion {
  return valid(readYamlFile<Policy>(path, POLICY_SCHEMA), path);
}

/** @throws ConfigError that names every fault */
export function parsePolicy(text: string, name: string): PolicyVersion {
  return valid(parseYaml<Policy>(text, name, POLICY_SCHEMA), name);
}

function valid(policy: PolicyVersion, name: string): PolicyVersion {
  const faults = policyFaults(policy.content);
  if (faults.length > 0) throw new ConfigError(`${name} is not valid:\n  ${faults.join('\n  ')}`);
  return policy;
}

/** Follows policy.yaml. */
export class PolicyFile extends FileInForce<PolicyVersion> {
  /** @throws ConfigError: what is there at the start has to be valid */
  constructor(path: string) {
    super(path, readPolicy(path), parsePolicy);
  }
}
