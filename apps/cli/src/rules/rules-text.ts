import type { Tried, TriedRule } from '@fraud/scoring';
import { money, percent, table, whole } from '../report/table.js';

const share = (of: number, all: number): string => (all === 0 ? '–' : percent(of / all));

/** Frauds among hits: exact where every hit has a label, else what is known, with `≥`. */
function precision({ hits, frauds, legitimate }: TriedRule): string {
  if (hits === 0) return '–';
  return `${frauds + legitimate < hits ? '≥ ' : ''}${share(frauds, hits)}`;
}

/** What rules would have made of recorded decisions, for people. */
export function rulesText({ decisions, labelled, frauds, rules, changed, ...moved }: Tried): string {
  const header = [
    'rule',
    'mode',
    'action',
    'hits',
    'frauds',
    'precision',
    'money',
    'alone',
    'most in common with',
  ];
  const rows = rules.map((rule) => [
    rule.id,
    rule.mode,
    rule.action,
    whole(rule.hits),
    whole(rule.frauds),
    precision(rule),
    money(rule.money),
    whole(rule.alone),
    rule.overlaps === null ? '–' : `${rule.overlaps.id} (${whole(rule.overlaps.hits)})`,
  ]);
  const failed = rules.filter((rule) => rule.failed > 0);
  const changes = changed.toSorted((a, b) => b.count - a.count);
  return [
    `${whole(decisions)} recorded decisions, ${whole(labelled)} with a label, ${whole(frauds)} of them frauds`,
    '',
    table([header, ...rows]),
    '',
    changes.length === 0
      ? 'The live rules would change nothing.'
      : `The live rules would change: ${changes.map(({ from, to, count }) => `${whole(count)} ${from} → ${to}`).join(', ')}`,
    `New declines: ${whole(moved.new_declines.hits)} (${money(moved.new_declines.money)}), of which ${whole(moved.new_declines.legitimate)} are known as good customers`,
    `Frauds that were approved, and would not be: ${whole(moved.newly_stopped_frauds.hits)} (${money(moved.newly_stopped_frauds.money)})`,
    ...failed.map(({ id, failed: times }) => `${id} could not be evaluated ${whole(times)} times`),
  ].join('\n');
}
