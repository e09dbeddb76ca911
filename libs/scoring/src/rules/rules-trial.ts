import type { Outcome, Transaction } from '@fraud/contract';
import { outcomeOf, settle, type OutcomePolicy, type ReadyRule, type RuleSet } from '@fraud/policy';
import type { DecisionRecord } from '@fraud/records';
import { readVector } from '../decision-log.js';
import { RULE_LANGUAGE } from './rules-file.js';

/** How often something was hit, and what is known of that. Money in reference minor units. */
interface Hit {
  readonly hits: number;
  /** Known to be fraud. */
  readonly frauds: number;
  /** Known to be legitimate. */
  readonly legitimate: number;
  readonly money: number;
  readonly fraud_money: number;
}

/** What a rule would have hit. */
export interface TriedRule extends Hit {
  readonly id: string;
  readonly mode: ReadyRule['mode'];
  readonly action: ReadyRule['action'];
  /** Hits that no other rule has. */
  readonly alone: number;
  /** The rule that shares most of the hits; null where none shares any. */
  readonly overlaps: { readonly id: string; readonly hits: number } | null;
  /** Could not be evaluated. */
  readonly failed: number;
}

/** What rules would have made of recorded decisions. */
export interface Tried {
  readonly decisions: number;
  /** With a label. */
  readonly labelled: number;
  readonly frauds: number;
  readonly rules: readonly TriedRule[];
  /** Decisions whose outcome the live rules would change, by what was decided and what would be. */
  readonly changed: readonly { readonly from: Outcome; readonly to: Outcome; readonly count: number }[];
  /** Declined by the rules, and not when it was decided. */
  readonly new_declines: Hit;
  /** Frauds among what was not declined that the rules would decline, challenge or have reviewed. */
  readonly newly_stopped_frauds: Hit;
}

class Counted {
  hits = 0;
  frauds = 0;
  legitimate = 0;
  money = 0;
  fraud_money = 0;

  add(money: number, fraud: boolean | null): void {
    this.hits += 1;
    this.money += money;
    if (fraud === false) this.legitimate += 1;
    if (fraud !== true) return;
    this.frauds += 1;
    this.fraud_money += money;
  }

  get hit(): Hit {
    const { hits, frauds, legitimate, money, fraud_money } = this;
    return { hits, frauds, legitimate, money, fraud_money };
  }
}

/** Asks rules about decisions that were recorded, with the features and the scores that they were made with. */
export class RulesTrial {
  private readonly facts = RULE_LANGUAGE.facts();
  private readonly counts: readonly Counted[];
  private readonly alone: number[];
  private readonly failed: number[];
  /** By pairs of rules. */
  private readonly together: number[][];
  private readonly places: ReadonlyMap<ReadyRule, number>;
  private readonly changes = new Map<string, number>();
  private readonly newDeclines = new Counted();
  private readonly stopped = new Counted();
  private decisions = 0;
  private labelled = 0;
  private frauds = 0;

  /** @param policy what decides where no rule does */
  constructor(
    private readonly rules: RuleSet,
    private readonly policy: OutcomePolicy,
  ) {
    const each = <T>(make: () => T): T[] => rules.rules.map(make);
    this.counts = each(() => new Counted());
    this.alone = each(() => 0);
    this.failed = each(() => 0);
    this.together = each(() => each(() => 0));
    this.places = new Map(rules.rules.map((rule, place) => [rule, place]));
  }

  /** @param fraud what is known of it; null: nothing yet */
  add(
    record: Pick<DecisionRecord, 'transaction' | 'vector' | 'decision' | 'amount_reference'>,
    fraud: boolean | null,
  ): void {
    const { decision } = record;
    // Nothing was computed: there is nothing to ask about.
    if (decision.source === 'bypass') return;
    this.decisions += 1;
    if (fraud !== null) this.labelled += 1;
    if (fraud === true) this.frauds += 1;
    const money = record.amount_reference ?? 0;
    const { live, shadow } = this.ask(record.transaction, record.vector, decision.score, decision.decided_at);
    const places = [...live, ...shadow].map((rule) => this.places.get(rule)!);
    for (const place of places) {
      this.counts[place]!.add(money, fraud);
      if (places.length === 1) this.alone[place]! += 1;
      for (const other of places) if (other !== place) this.together[place]![other]! += 1;
    }
    const degraded = decision.degraded.length > 0;
    const { score } = decision;
    const without = score === undefined ? this.policy.fail_action : outcomeOf(score, degraded, this.policy);
    const { outcome } = settle(live, without, score !== undefined && !degraded);
    if (outcome === decision.decision) return;
    const change = `${decision.decision} ${outcome}`;
    this.changes.set(change, (this.changes.get(change) ?? 0) + 1);
    if (outcome === 'decline') this.newDeclines.add(money, fraud);
    if (fraud === true && decision.decision === 'approve') this.stopped.add(money, fraud);
  }

  get result(): Tried {
    return {
      decisions: this.decisions,
      labelled: this.labelled,
      frauds: this.frauds,
      rules: this.rules.rules.map(({ id, mode, action }, place) => ({
        id,
        mode,
        action,
        ...this.counts[place]!.hit,
        alone: this.alone[place]!,
        overlaps: this.overlapsOf(place),
        failed: this.failed[place]!,
      })),
      changed: [...this.changes].map(([change, count]) => {
        const [from, to] = change.split(' ') as [Outcome, Outcome];
        return { from, to, count };
      }),
      new_declines: this.newDeclines.hit,
      newly_stopped_frauds: this.stopped.hit,
    };
  }

  private ask(transaction: Transaction, vector: string, score: number | undefined, decidedAt: string) {
    this.facts.transaction.of = transaction;
    this.facts.values = readVector(vector);
    this.facts.score = score ?? NaN;
    return this.rules.ask(this.facts, Date.parse(decidedAt), (rule) => {
      this.failed[this.places.get(rule)!]! += 1;
    });
  }

  private overlapsOf(place: number): TriedRule['overlaps'] {
    const shared = this.together[place]!;
    const most = Math.max(0, ...shared);
    return most === 0 ? null : { id: this.rules.rules[shared.indexOf(most)]!.id, hits: most };
  }
}
