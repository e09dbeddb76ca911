import { createHash } from 'node:crypto';
import { parseTransaction } from '@fraud/contract';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../fraud/scenarios.js';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { cardsFor, type SimulationOptions } from './options.js';
import { simulate } from './simulate.js';

const rows = [...simulate({ seed: 5, cards: 800, days: 40 })];
const frauds = rows.filter((r) => r.label?.fraud === true);
const time = (r: LabelledTransaction): number => Date.parse(r.transaction.occurred_at);

function digest(options: SimulationOptions): string {
  const sha = createHash('sha256');
  for (const row of simulate(options)) sha.update(JSON.stringify(row));
  return sha.digest('hex');
}

describe('simulate', () => {
  it('gives the same bytes for the same options and others for another seed', () => {
    const options = { seed: 3, cards: 60, days: 8 };
    expect(digest(options)).toBe(digest(options));
    expect(digest({ ...options, seed: 4 })).not.toBe(digest(options));
  });

  it('goes in order of event time, within the period, with unique ids', () => {
    const start = Date.parse('2026-01-05T00:00:00Z');
    expect(rows.every((r, i) => i === 0 || time(rows[i - 1]!) <= time(r))).toBe(true);
    expect(time(rows[0]!)).toBeGreaterThanOrEqual(start);
    expect(time(rows.at(-1)!)).toBeLessThan(start + 40 * 86_400_000);
    expect(new Set(rows.map((r) => r.transaction.transaction_id)).size).toBe(rows.length);
  });

  it('makes only transactions that the contract accepts', () => {
    const refused = rows.map((r) => parseTransaction(r.transaction)).filter((p) => !p.ok);
    expect(refused).toEqual([]);
  });

  it('gives shops a place and a terminal, online purchases neither', () => {
    const local = rows.filter(({ transaction: t }) => t.channel === 'pos' || t.channel === 'atm');
    const remote = rows.filter(
      ({ transaction: t }) => t.channel === 'ecommerce' || t.channel === 'recurring',
    );
    expect(local.length + remote.length).toBe(rows.length);
    expect(local.every(({ transaction: t }) => t.latitude !== undefined && t.terminal_id !== undefined)).toBe(
      true,
    );
    expect(local.some(({ transaction: t }) => (t.device_id ?? t.ip) !== undefined)).toBe(false);
    expect(remote.some(({ transaction: t }) => (t.latitude ?? t.terminal_id) !== undefined)).toBe(false);
  });

  it('comes near the wanted level of fraud, from every scenario', () => {
    const share = frauds.length / rows.length;
    expect(share).toBeGreaterThan(0.004);
    expect(share).toBeLessThan(0.009);
    expect(new Set(frauds.map((r) => r.label?.scenario))).toEqual(new Set(SCENARIOS.map((s) => s.name)));
  });

  it('shows every scenario in the demonstration: the first 6,000 transactions of 6,600', () => {
    const demonstration = [...simulate({ cards: cardsFor(6600, 30), days: 30 })].slice(0, 6000);
    const seen = new Set(demonstration.flatMap((r) => (r.label?.fraud === true ? [r.label.scenario] : [])));
    expect(seen).toEqual(new Set(SCENARIOS.map((s) => s.name)));
  });

  it('makes no fraud at level 0 and more at a higher level', () => {
    const count = (fraud: number): number =>
      [...simulate({ cards: 300, days: 20, fraud })].filter((r) => r.label?.fraud).length;
    expect(count(0)).toBe(0);
    expect(count(0.03)).toBeGreaterThan(2 * count(0.006));
  });

  it('has people travel, pay in other currencies, change phones and get new cards', () => {
    const genuine = rows.filter((r) => r.label?.fraud === false).map((r) => r.transaction);
    expect(new Set(genuine.map((t) => t.currency)).size).toBeGreaterThan(5);
    const cardsOfCustomer = Map.groupBy(genuine, (t) => t.customer_id);
    const reissued = [...cardsOfCustomer.values()].filter(
      (list) => new Set(list.map((t) => t.card_id)).size > 1,
    );
    expect(reissued.length).toBeGreaterThan(0);
  });

  it('makes a replaced card useless: nothing happens on it once its successor is in use', () => {
    const cards = new Map<string, { first: number; last: number }>();
    for (const row of rows) {
      const id = row.transaction.card_id;
      cards.set(id, { first: cards.get(id)?.first ?? time(row), last: time(row) });
    }
    const successions = [...cards].flatMap(([id, { last }]) => {
      const next = cards.get(id.replace(/\d+$/, (issue) => String(Number(issue) + 1)));
      return next === undefined ? [] : [{ last, next: next.first }];
    });
    expect(successions.length).toBeGreaterThan(5);
    expect(successions.filter(({ last, next }) => last > next)).toEqual([]);
  });
});
