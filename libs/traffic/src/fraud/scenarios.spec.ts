import { describe, expect, it } from 'vitest';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { kilometres } from '../simulator/cities.js';
import { simulate } from '../simulator/simulate.js';
import { SCENARIOS } from './scenarios.js';

const rows = [...simulate({ seed: 8, cards: 1500, days: 45 })];
const time = (r: LabelledTransaction): number => Date.parse(r.transaction.occurred_at);
const of = (scenario: string): LabelledTransaction[] => rows.filter((r) => r.label?.scenario === scenario);
const byCard = (list: readonly LabelledTransaction[]): LabelledTransaction[][] => [
  ...Map.groupBy(list, (r) => r.transaction.card_id).values(),
];
const share = (list: readonly unknown[], part: readonly unknown[]): number => part.length / list.length;

describe('the fraud scenarios', () => {
  it('divide the fraud among them', () => {
    expect(SCENARIOS.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(1, 10);
    const frauds = rows.filter((r) => r.label?.fraud === true);
    for (const { name, share: wanted } of SCENARIOS) {
      expect(share(frauds, of(name))).toBeGreaterThan(wanted * 0.5);
      expect(share(frauds, of(name))).toBeLessThan(wanted * 1.7);
    }
  });

  it('card testing: mostly a row of small online amounts, then one larger', () => {
    const runs = byCard(of('card_testing')).filter((run) => run.length > 2);
    const larger = runs.filter((run) => {
      const amounts = run.map((r) => r.transaction.amount);
      return amounts.at(-1)! > 2 * (amounts.slice(0, -1).reduce((a, b) => a + b, 0) / (amounts.length - 1));
    });
    expect(share(runs, larger)).toBeGreaterThan(0.6);
    expect(of('card_testing').every((r) => r.transaction.channel === 'ecommerce')).toBe(true);
  });

  it('stolen card: only where a card is held into a machine', () => {
    expect(of('stolen_card').every((r) => ['pos', 'atm'].includes(r.transaction.channel!))).toBe(true);
  });

  it('compromised merchant: many cards, each of which had been held into a terminal before', () => {
    const seen = new Map<string, Set<string>>();
    for (const { transaction: t, label } of rows) {
      if (label?.fraud === true || t.terminal_id === undefined) continue;
      seen.set(t.card_id, (seen.get(t.card_id) ?? new Set<string>()).add(t.merchant_id));
    }
    const victims = byCard(of('compromised_merchant')).map(([first]) => first!.transaction.card_id);
    expect(victims.length).toBeGreaterThan(10);
    expect(victims.every((card) => (seen.get(card)?.size ?? 0) > 0)).toBe(true);
  });

  it('account takeover: mostly with a device that the card was not used with before', () => {
    const devices = new Map<string, Set<string>>();
    let first = 0;
    let unknown = 0;
    for (const { transaction: t, label } of rows) {
      if (t.device_id === undefined) continue;
      const known = devices.get(t.card_id) ?? new Set<string>();
      if (label?.scenario === 'account_takeover') {
        first++;
        if (!known.has(t.device_id)) unknown++;
      } else known.add(t.device_id);
      devices.set(t.card_id, known);
    }
    expect(unknown / first).toBeGreaterThan(0.7);
  });

  it('impossible travel: starts far from where the holder just was', () => {
    const located = rows.filter((r) => r.transaction.latitude !== undefined);
    const starts = byCard(of('impossible_travel')).map(([first]) => first!);
    const far = starts.filter((start) => {
      const { card_id } = start.transaction;
      const before = located.findLast((r) => r.transaction.card_id === card_id && time(r) < time(start));
      return before !== undefined && kilometres(place(before), place(start)) > 300;
    });
    expect(share(starts, far)).toBeGreaterThan(0.8);
  });
});

function place({ transaction: t }: LabelledTransaction): { latitude: number; longitude: number } {
  return { latitude: t.latitude!, longitude: t.longitude! };
}
