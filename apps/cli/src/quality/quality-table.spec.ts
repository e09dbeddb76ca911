import { qualityReport, type LabelDelay, type QualityCell } from '@fraud/records';
import { describe, expect, it } from 'vitest';
import { qualityText } from './quality-table.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const ask = (cells: readonly QualityCell[], delays: readonly LabelDelay[]): string =>
  qualityText(
    qualityReport({ cells, delays }, NOW, {
      fromMs: Date.parse('2026-01-05T00:00:00Z'),
      toMs: Date.parse('2026-03-16T00:00:00Z'),
      horizonDays: 30,
    }),
  );

const cellsOf = (week: string): QualityCell[] => [
  { week, outcome: 'approve', fraud: null, decisions: 9000, amount: 900_000 },
  { week, outcome: 'approve', fraud: true, decisions: 25, amount: 250_000 },
  { week, outcome: 'step_up', fraud: false, decisions: 25, amount: 1000 },
  { week, outcome: 'decline', fraud: true, decisions: 75, amount: 1_234_500 },
];
const delays = [
  { week: '2026-01-05', days: 1, frauds: 60 },
  { week: '2026-01-05', days: 20, frauds: 40 },
];

describe('the table of quality', () => {
  it('marks a young week, and says of it only what can be known', () => {
    const text = ask([...cellsOf('2026-01-05'), ...cellsOf('2026-03-02')], delays);
    expect(text).toContain('Half of the frauds are known within 2 days, 95 % within 21 (of 100 frauds');
    expect(text).toMatch(/2026-01-05 +9,125 +1.4 % +100 +100 +14,845 +██████████ +100.0 %$/m);
    expect(text).toMatch(/2026-03-02 +9,125 +1.4 % +100 +1\d\d +14,845 +████.*% young$/m);
    expect(text).toMatch(/2026-01-05 +100 +75.0 % +75.0 % +███████▌░░ +0.28 % +12,345 +2,500$/m);
    expect(text).toMatch(/2026-03-02 +100 +≥ 75.0 % +~ 75.0 % +███████▌░░ +– +12,345 +2,500$/m);
    expect(text).toMatch(/mature: 1 +75 +100.0 % +75.0 %/);
  });

  it('says that maturity is not known where it is not, and that there is nothing where nothing is', () => {
    const text = ask(cellsOf('2026-01-05'), []);
    expect(text).toContain('How late labels come is not known');
    expect(text).toMatch(/2026-01-05 .* –  .*·········· +\?$/m);
    expect(text).toMatch(/≥ 75.0 %/);
    expect(text).not.toContain('mature:');
    expect(ask([], delays)).toBe('No decisions of transactions from 2026-01-05 to 2026-03-16 are recorded.');
  });
});
