import fc from 'fast-check';
import { decisionIdOf } from '@fraud/contract';
import type { DecisionEntry, DecisionRecord, LabelEntry, RecordsPage, RecordsStore } from '@fraud/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aDecisionEntry,
  aLabelEntry,
  DATABASES,
  linesOf,
  openRecords,
  told,
  type OpenRecords,
} from '../support/records.js';

/** Each run has tokens, and a week, of its own: what others left in the database is not seen. */
let run = 0;
const WEEK_MS = 7 * 86_400_000;
const weekOfRun = (): number => Date.UTC(1990, 0, 1) + run * WEEK_MS;

const recordOf = ({ kind: _, ...record }: DecisionEntry): DecisionRecord => record;
const placeOf = ({ decision, sequence }: Pick<DecisionEntry, 'decision' | 'sequence'>): string =>
  `${decision.decided_at} ${String(sequence).padStart(6, '0')} ${decision.decision_id}`;
const inOrder = (entries: readonly DecisionEntry[]): DecisionEntry[] =>
  entries.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));

/** Few times, sequences and entities, so that they meet. */
const anEntry = fc
  .record({
    ms: fc.integer({ min: 0, max: 3 }),
    week: fc.constantFrom(0, 0, 1),
    sequence: fc.integer({ min: 0, max: 2 }),
    card: fc.integer({ min: 0, max: 2 }),
    merchant: fc.integer({ min: 0, max: 2 }),
    terminal: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
    device: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
    ip: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
    outcome: fc.constantFrom('approve' as const, 'decline' as const),
  })
  .map((of) => () => {
    const { terminal_id: _t, device_id: _d, ip: _i, ...transaction } = aDecisionEntry().transaction;
    const name = (kind: string, n: number) => `${kind}-${run}-${n}`;
    const entry = aDecisionEntry({
      sequence: of.sequence,
      decision: {
        decided_at: new Date(weekOfRun() + of.week * WEEK_MS + of.ms).toISOString(),
        decision: of.outcome,
      },
    });
    return {
      ...entry,
      transaction: {
        ...transaction,
        transaction_id: entry.transaction.transaction_id,
        card_id: name('card', of.card),
        merchant_id: name('merchant', of.merchant),
        ...(of.terminal === undefined ? {} : { terminal_id: name('terminal', of.terminal) }),
        ...(of.device === undefined ? {} : { device_id: name('device', of.device) }),
        ...(of.ip === undefined ? {} : { ip: `2001:db8::${run.toString(16)}:${of.ip}` }),
      },
    };
  });

/** What becomes known of decisions, over single lines. */
class KnownOracle {
  private readonly decided = new Set<string>();
  private readonly labels = new Map<string, Map<string, LabelEntry>>();

  /** @returns for each time that something became known of a decision by a batch: whether that is a fraud */
  after(batch: readonly (DecisionEntry | LabelEntry)[]): boolean[] {
    const became: boolean[] = [];
    const fresh = new Set<string>();
    for (const entry of batch) if (entry.kind === 'decision') fresh.add(entry.transaction.transaction_id);
    for (const id of fresh) {
      const latest = this.latest(id);
      if (!this.decided.has(id) && latest !== undefined) became.push(latest);
      this.decided.add(id);
    }
    const before = new Map([...this.labels.keys()].map((id) => [id, this.latest(id)]));
    const labelled = batch.filter((entry) => entry.kind === 'label');
    for (const label of labelled) this.keep(label);
    for (const id of new Set(labelled.map((label) => label.transaction_id))) {
      const latest = this.latest(id)!;
      if (this.decided.has(id) && latest !== before.get(id)) became.push(latest);
    }
    return became;
  }

  private keep(label: LabelEntry): void {
    const of = this.labels.get(label.transaction_id) ?? new Map<string, LabelEntry>();
    const key = `${label.labelled_at} ${label.source} ${label.fraud}`;
    const before = of.get(key);
    if (before === undefined || label.received_at < before.received_at) of.set(key, label);
    this.labels.set(label.transaction_id, of);
  }

  private latest(id: string): boolean | undefined {
    const order = ({ labelled_at, received_at, fraud }: LabelEntry) =>
      `${labelled_at} ${received_at} ${fraud ? 1 : 0}`;
    return [...(this.labels.get(id)?.values() ?? [])]
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
      .at(-1)?.fraud;
  }
}

describe.each(DATABASES)('records in %s, against an oracle', (kind) => {
  let open: OpenRecords;
  let store: RecordsStore;
  beforeAll(async () => {
    open = await openRecords(kind, 'records_oracle');
    ({ store } = open);
  });
  afterAll(() => open.close());

  it('every decision that was there when paging began is on one page, in the order; none is on two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntry, { minLength: 1, maxLength: 12 }),
        fc.array(anEntry, { maxLength: 6 }),
        fc.constantFrom('newest' as const, 'oldest' as const),
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
        fc.option(fc.constantFrom('approve' as const, 'decline' as const), { nil: undefined }),
        async (before, meanwhile, order, limit, card, decision) => {
          run += 3;
          const first = before.map((make) => make());
          const later = meanwhile.map((make) => make());
          await store.write(linesOf(first));
          const query = {
            order,
            limit,
            fromMs: weekOfRun() + 1,
            toMs: weekOfRun() + WEEK_MS + 3,
            ...(card === undefined ? {} : { cardId: `card-${run}-${card}` }),
            ...(decision === undefined ? {} : { decision }),
          };
          const meant = ({ transaction, decision: { decided_at, decision: outcome } }: DecisionEntry) =>
            Date.parse(decided_at) >= query.fromMs &&
            Date.parse(decided_at) < query.toMs &&
            (query.cardId === undefined || transaction.card_id === query.cardId) &&
            (decision === undefined || outcome === decision);
          const seen: DecisionRecord[] = [];
          const waiting = [...later];
          let page: RecordsPage = await store.page(query);
          for (;;) {
            expect(page.records.length).toBe(page.next === null ? page.records.length : limit);
            seen.push(...page.records);
            if (page.next === null) break;
            await store.write(linesOf(waiting.splice(0, 2)));
            page = await store.page({ ...query, cursor: page.next });
          }
          const places = seen.map(placeOf);
          const ordered = places.toSorted();
          expect(places).toEqual(order === 'oldest' ? ordered : ordered.toReversed());
          expect(new Set(places).size).toBe(places.length);
          expect(seen.filter((record) => first.some((entry) => placeOf(entry) === placeOf(record)))).toEqual(
            (order === 'oldest' ? inOrder(first) : inOrder(first).toReversed()).filter(meant).map(recordOf),
          );
          expect([...first, ...later].filter(meant).map(placeOf)).toEqual(expect.arrayContaining(places));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('a history is every decision before that shares an entity within the time, however it is paged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntry, { minLength: 1, maxLength: 14 }),
        fc.nat(),
        fc.constantFrom(0, 1, 2, WEEK_MS, 2 * WEEK_MS, Infinity),
        fc.integer({ min: 1, max: 4 }),
        async (makers, which, withinMs, limit) => {
          run += 3;
          const entries = makers.map((make) => make());
          await store.write(linesOf(entries));
          const asked = entries[which % entries.length]!;
          const seen: DecisionRecord[] = [];
          let cursor: string | undefined;
          do {
            const page = await store.history(asked.decision.decision_id, withinMs, limit, cursor);
            expect(page.records.length).toBeLessThanOrEqual(limit);
            seen.push(...page.records);
            cursor = page.next ?? undefined;
          } while (cursor !== undefined);
          const shares = (entry: DecisionEntry) =>
            (['card_id', 'merchant_id', 'terminal_id', 'device_id', 'ip'] as const).some(
              (key) =>
                asked.transaction[key] !== undefined && asked.transaction[key] === entry.transaction[key],
            );
          const earliest = Date.parse(asked.decision.decided_at) - withinMs;
          const expected = inOrder(entries).filter(
            (entry) =>
              placeOf(entry) < placeOf(asked) &&
              Date.parse(entry.decision.decided_at) >= earliest &&
              shares(entry),
          );
          expect(seen).toEqual(expected.map(recordOf));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('of lines that come again and again, in any batches, the first of each id is recorded and every other is counted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })), {
            maxLength: 8,
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (batches) => {
          run += 1;
          const variants = Array.from({ length: 4 }, () => {
            const entry = aDecisionEntry();
            return [0, 1, 2].map((amount) =>
              aDecisionEntry({ transaction: { ...entry.transaction, amount } }),
            );
          });
          const held = new Map<string, DecisionEntry>();
          for (const batch of batches) {
            const entries = batch.map(([id, variant]) => variants[id]![variant]!);
            const expected = {
              decisions: 0,
              duplicates: 0,
              conflicts: 0,
              labels: 0,
              labelled: [],
              unreadable: [],
            };
            for (const entry of entries) {
              const first = held.get(entry.decision.decision_id);
              if (first === undefined) held.set(entry.decision.decision_id, entry);
              expected[
                first === undefined
                  ? 'decisions'
                  : first.content_hash === entry.content_hash
                    ? 'duplicates'
                    : 'conflicts'
              ] += 1;
            }
            expect(await store.write(linesOf(entries))).toEqual(expected);
          }
          for (const [id, entry] of held) expect(await store.get(id)).toEqual(recordOf(entry));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('labels come to the same in any order, with any repeats and in any batches, before or behind their decisions', async () => {
    const aLabel = fc.record({
      of: fc.integer({ min: 0, max: 2 }),
      fraud: fc.boolean(),
      source: fc.constantFrom('chargeback' as const, 'review' as const),
      labelledDay: fc.integer({ min: 1, max: 3 }),
      receivedDay: fc.integer({ min: 4, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aLabel, { minLength: 1, maxLength: 10 }),
        fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
        fc.integer({ min: 1, max: 6 }),
        async (labels, shuffle, batch) => {
          run += 3;
          const decisions = Array.from({ length: 3 }, () =>
            aDecisionEntry({
              transaction: { occurred_at: new Date(weekOfRun()).toISOString() },
              decision: { decided_at: new Date(weekOfRun()).toISOString() },
            }),
          );
          const day = (n: number) => new Date(weekOfRun() + n * 86_400_000).toISOString();
          const entries: LabelEntry[] = labels.map((label) =>
            aLabelEntry(decisions[label.of]!.transaction.transaction_id, {
              fraud: label.fraud,
              source: label.source,
              labelled_at: day(label.labelledDay),
              received_at: day(label.receivedDay),
            }),
          );
          const all = [...decisions, ...entries, ...entries.slice(0, 4)]
            .map((entry, i) => ({ entry, key: shuffle[i % shuffle.length]! }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ entry }) => entry);
          const known = new KnownOracle();
          for (let at = 0; at < all.length; at += batch) {
            const lines = all.slice(at, at + batch);
            const { labelled } = await store.write(linesOf(lines));
            const became = labelled.flatMap(({ fraud, decisions: n }) =>
              Array.from({ length: n }, () => fraud),
            );
            const frauds = (some: readonly boolean[]) => [some.length, some.filter(Boolean).length];
            expect(frauds(became)).toEqual(frauds(known.after(lines)));
          }

          const states = decisions.map(({ transaction, decision }) => {
            const kept = new Map<string, LabelEntry>();
            for (const label of entries.filter((one) => one.transaction_id === transaction.transaction_id)) {
              const key = `${label.labelled_at} ${label.source} ${label.fraud}`;
              const before = kept.get(key);
              if (before === undefined || label.received_at < before.received_at) kept.set(key, label);
            }
            const order = (label: LabelEntry) =>
              `${label.labelled_at} ${label.received_at} ${label.fraud ? 1 : 0}`;
            const sorted = [...kept.values()].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
            return { id: decision.decision_id, kept: sorted, latest: sorted.at(-1) };
          });
          for (const { id, kept } of states) {
            const transactionId = decisions.find(({ decision }) => decision.decision_id === id)!.transaction
              .transaction_id;
            const found = await store.labels([transactionId]);
            expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
              new Set(kept.map(({ kind: _, ...one }) => JSON.stringify(one))),
            );
          }
          // What features know at first is that nothing is a fraud.
          const pending = (await store.claimLabels(1000, 0)).filter(({ decisionId }) =>
            states.some(({ id }) => id === decisionId),
          );
          expect(new Map(pending.map(({ decisionId, fraud }) => [decisionId, fraud]))).toEqual(
            new Map(states.filter(({ latest }) => latest?.fraud === true).map(({ id }) => [id, true])),
          );
          await store.labelsApplied(pending.map(told));
          const { cells, delays } = await store.quality(weekOfRun(), weekOfRun() + 1);
          for (const fraud of [true, false, null]) {
            const cell = cells.find((one) => one.fraud === fraud);
            expect(cell?.decisions ?? 0).toBe(
              states.filter(({ latest }) => (latest?.fraud ?? null) === fraud).length,
            );
          }
          const days = states
            .filter(({ latest }) => latest?.fraud === true)
            .map(
              ({ kept }) =>
                Math.min(
                  ...kept
                    .filter(({ fraud }) => fraud)
                    .map(({ labelled_at }) => Date.parse(labelled_at) - weekOfRun()),
                ) / 86_400_000,
            );
          expect(
            delays
              .flatMap(({ days: n, frauds }) => Array.from({ length: frauds }, () => n))
              .toSorted((a, b) => a - b),
          ).toEqual(days.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('quality counts decisions and money by week, outcome and label', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            week: fc.integer({ min: 0, max: 2 }),
            ms: fc.constantFrom(0, WEEK_MS - 1),
            late: fc.boolean(),
            outcome: fc.constantFrom('approve' as const, 'review' as const),
            amount: fc.option(fc.integer({ min: 0, max: 1000 })),
            fraud: fc.option(fc.boolean()),
          }),
          { maxLength: 12 },
        ),
        async (makers) => {
          run += 4;
          // A Monday, which is when the weeks of the report begin.
          const from = Math.floor(weekOfRun() / WEEK_MS) * WEEK_MS + 4 * 86_400_000;
          const rows = makers.map((of) => ({
            of,
            week: new Date(from + of.week * WEEK_MS).toISOString().slice(0, 10),
            entry: aDecisionEntry({
              amount_reference: of.amount,
              transaction: { occurred_at: new Date(from + of.week * WEEK_MS + of.ms).toISOString() },
              decision: {
                decision: of.outcome,
                decided_at: new Date(
                  from + of.week * WEEK_MS + of.ms + (of.late ? 10 * WEEK_MS : 0),
                ).toISOString(),
              },
            }),
          }));
          await store.write(linesOf(rows.map(({ entry }) => entry)));
          await store.write(
            linesOf(
              rows.flatMap(({ of, entry }) =>
                of.fraud === null ? [] : [aLabelEntry(entry.transaction.transaction_id, { fraud: of.fraud })],
              ),
            ),
          );
          const cells = new Map<string, { decisions: number; amount: number }>();
          for (const { of, week } of rows.filter((row) => row.of.week < 2)) {
            const key = `${week} ${of.outcome} ${of.fraud}`;
            const cell = cells.get(key) ?? { decisions: 0, amount: 0 };
            cells.set(key, { decisions: cell.decisions + 1, amount: cell.amount + (of.amount ?? 0) });
          }
          const found = await store.quality(from, from + 2 * WEEK_MS);
          expect(
            new Map(
              found.cells.map(({ week, outcome, fraud, decisions, amount }) => [
                `${week} ${outcome} ${fraud}`,
                { decisions, amount },
              ]),
            ),
          ).toEqual(cells);
          expect(found.cells).toHaveLength(cells.size);
          await store.labelsApplied((await store.claimLabels(1000, 0)).map(told));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('scores are counted by week, model, origin, bin, outcome and label; a score on an edge lies above it', async () => {
    const EDGES = [0, 0.25, 0.5, 0.75];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            week: fc.integer({ min: 0, max: 2 }),
            score: fc.option(fc.constantFrom(0, 0.249999, 0.25, 0.5, 0.499999, 0.75, 1)),
            source: fc.constantFrom('model' as const, 'fallback' as const),
            degraded: fc.constantFrom([], ['unknown_currency' as const]),
            model: fc.constantFrom('1.0.0', '1.1.0'),
            outcome: fc.constantFrom('approve' as const, 'decline' as const),
            amount: fc.option(fc.integer({ min: 0, max: 1000 })),
            fraud: fc.option(fc.boolean()),
          }),
          { maxLength: 16 },
        ),
        async (makers) => {
          run += 4;
          const from = Math.floor(weekOfRun() / WEEK_MS) * WEEK_MS + 4 * 86_400_000;
          const weekAt = (index: number): string =>
            new Date(from + index * WEEK_MS).toISOString().slice(0, 10);
          const entries = makers.map(({ week, score, source, degraded, model, outcome, amount }) => {
            const { decision, ...entry } = aDecisionEntry({
              amount_reference: amount,
              transaction: { occurred_at: new Date(from + week * WEEK_MS).toISOString() },
            });
            const { score: _, versions, ...others } = decision;
            const decided_at = new Date(from + week * WEEK_MS + 5).toISOString();
            const made = {
              source,
              degraded,
              decision: outcome,
              versions: { ...versions, model },
              decided_at,
            };
            return { ...entry, decision: { ...others, ...made, ...(score === null ? {} : { score }) } };
          });
          await store.write(linesOf(entries));
          const labels = makers.flatMap(({ fraud }, i) =>
            fraud === null ? [] : [aLabelEntry(entries[i]!.transaction.transaction_id, { fraud })],
          );
          await store.write(linesOf(labels));
          const expected = new Map<string, number[]>();
          for (const row of makers.filter(({ week }) => week === 1)) {
            const { score, source, model, outcome, amount, fraud } = row;
            const bin = score === null ? null : EDGES.filter((edge) => score >= edge).length;
            const key = JSON.stringify([
              weekAt(row.week),
              model,
              source,
              row.degraded.length > 0,
              bin,
              outcome,
              fraud,
            ]);
            const sums = expected.get(key) ?? [0, 0, 0, 0, 0];
            const more = [1, amount ?? 0, amount === null ? 1 : 0, score ?? 0, (score ?? 0) ** 2];
            expected.set(
              key,
              sums.map((sum, i) => sum + more[i]!),
            );
          }
          const found = await store.scores({
            fromMs: from + WEEK_MS,
            toMs: from + 2 * WEEK_MS,
            learnFromMs: from,
            edges: EDGES,
          });
          const keys = found.cells.map(({ week, model, source, degraded, bin, outcome, fraud }) =>
            JSON.stringify([week, model, source, degraded, bin, outcome, fraud]),
          );
          expect(keys.toSorted()).toEqual([...expected.keys()].toSorted());
          for (const [i, cell] of found.cells.entries()) {
            const [decisions, amount, without, scores, squared] = expected.get(keys[i]!)!;
            expect([cell.decisions, cell.amount, cell.without_amount]).toEqual([decisions, amount, without]);
            expect(cell.scores).toBeCloseTo(scores!, 9);
            expect(cell.scores_squared).toBeCloseTo(squared!, 9);
          }
          // How late labels come is learnt from the week before, too.
          const known = makers.filter(({ week, fraud }) => week < 2 && fraud === true);
          expect(found.delays.reduce((sum, { frauds }) => sum + frauds, 0)).toBe(known.length);
          expect(new Set(found.delays.map(({ week }) => week))).toEqual(
            new Set(known.map(({ week }) => weekAt(week))),
          );
          await store.labelsApplied((await store.claimLabels(1000, 0)).map(told));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('ids are those that the contract derives', () => {
    const { transaction, decision } = aDecisionEntry();
    expect(decisionIdOf(transaction.transaction_id)).toBe(decision.decision_id);
  });
});
