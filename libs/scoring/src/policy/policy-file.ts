import { ConfigError, parseYaml, readYamlFile, WatchedFile, type YamlFile } from '@fraud/platform';
import { POLICY_SCHEMA, policyFaults, type Policy } from '@fraud/policy';

/** A policy that may decide, with its version and its text. */
export type PolicyVersion = YamlFile<Policy>;

/** A file that is not in force. */
export interface RefusedPolicy {
  /** When it was found, RFC 3339. */
  readonly at: string;
  /** What is wrong with it. */
  readonly message: string;
}

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

/** Follows policy.yaml: what is valid comes into force as a whole, what is not changes nothing. */
export class PolicyFile {
  private watched: WatchedFile | null = null;
  private current: PolicyVersion;
  private currentSince = new Date();
  private notInForce: RefusedPolicy | null = null;

  /** @throws ConfigError: what is there at the start has to be valid */
  constructor(private readonly path: string) {
    this.current = readPolicy(path);
  }

  get inForce(): PolicyVersion {
    return this.current;
  }

  /** Since when it has been in force in this process. */
  get since(): Date {
    return this.currentSince;
  }

  /** The file as it is now, where that is not in force; null where it is. */
  get refused(): RefusedPolicy | null {
    return this.notInForce;
  }

  /**
   * @param changed told of a policy that comes into force
   * @param refused told why the file is not in force, once of each content
   */
  watch(changed: (policy: PolicyVersion) => void, refused: (cause: Error) => void, everyMs?: number): void {
    this.watched = new WatchedFile(
      this.path,
      this.current.text,
      (text, cause) => {
        try {
          if (text === null) throw new ConfigError(`${this.path} cannot be read: ${cause?.message}`);
          this.take(parsePolicy(text, this.path), changed);
        } catch (failure) {
          this.notInForce = { at: new Date().toISOString(), message: (failure as Error).message };
          refused(failure as Error);
        }
      },
      everyMs,
    );
  }

  async close(): Promise<void> {
    await this.watched?.close();
  }

  private take(policy: PolicyVersion, changed: (policy: PolicyVersion) => void): void {
    this.notInForce = null;
    // The file is again what has been in force all the time.
    if (policy.version === this.current.version) return;
    this.current = policy;
    this.currentSince = new Date();
    changed(policy);
  }
}
