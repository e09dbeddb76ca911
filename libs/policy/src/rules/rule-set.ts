import type { Rule } from './rule.js';
import type { RuleFacts } from './rule-facts.js';
import type { Program } from './rule-language.js';

/** A rule that may be asked. */
export interface ReadyRule extends Rule {
  readonly program: Program;
  /** Between these it is awake, epoch ms. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The rules that say yes of a row, in the order of the file. */
export interface Hits {
  readonly live: readonly ReadyRule[];
  readonly shadow: readonly ReadyRule[];
}

const NO_HITS: Hits = { live: [], shadow: [] };

/** Told of a rule that could not be asked: it counts as one that did not hit. */
export type RuleFailed = (rule: ReadyRule, cause: unknown) => void;

/** The rules of a file, with its version. */
export class RuleSet {
  constructor(
    readonly rules: readonly ReadyRule[],
    /** First 12 hex digits of the sha256 of the file. */
    readonly version: string,
    readonly text: string,
  ) {}

  /**
   * Asks every rule that is awake.
   * @param atMs when it is decided
   */
  ask(facts: RuleFacts, atMs: number, failed: RuleFailed): Hits {
    let live: ReadyRule[] | null = null;
    let shadow: ReadyRule[] | null = null;
    for (const rule of this.rules) {
      if (atMs < rule.fromMs || atMs >= rule.untilMs) continue;
      try {
        if (rule.program(facts) !== true) continue;
      } catch (cause) {
        failed(rule, cause);
        continue;
      }
      if (rule.mode === 'live') (live ??= []).push(rule);
      else (shadow ??= []).push(rule);
    }
    // Most rows meet no rule.
    return live === null && shadow === null ? NO_HITS : { live: live ?? [], shadow: shadow ?? [] };
  }
}
