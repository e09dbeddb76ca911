import { createHash } from 'node:crypto';
import { decisionIdOf, type Decision } from '@fraud/contract';
import type { DecisionEntry, Labelled, RecordsStore } from '@fraud/records';
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

const WEEK_MS = 7 * 86_400_000;
const NOTHING = { decisions: 0, duplicates: 0, conflicts: 0, labels: 0, labelled: [], unreadable: [] };

const recordOf = ({ kind: _, ...record }: DecisionEntry): object => record;
const knownAs = (fraud: boolean, { decision, amount_reference }: DecisionEntry): Labelled => ({
  outcome: decision.decision,
  fraud,
  decisions: 1,
  amount: amount_reference ?? 0,
});
const idOf = (entry: DecisionEntry): string => entry.decision.decision_id;

describe.each(DATABASES)('records in %s', (kind) => {
  let open: OpenRecords;
  let store: RecordsStore;
  const write = (...entries: unknown[]) => store.write(linesOf(entries));
  beforeAll(async () => {
    open = await openRecords(kind, 'records_contract');
    ({ store } = open);
  });
  afterAll(() => open.close());

  describe('decisions', () => {
    it('are read back whole, the answer to the byte', async () => {
      const odd = aDecisionEntry({
        amount_reference: null,
        contributions: null,
        repeated: true,
        transaction: {
          latitude: 1e-7,
          longitude: -0.1,
          metadata: {
            decision: { decision_id: 'no' },
            decided_at: '1999-01-01T00:00:00Z',
            '2': 1e21,
            '1': [null, 'a\\u0041"\\\n\u2028é💶'],
            __proto__: 1,
          },
        },
        decision: { score: 1e-7, degraded: ['unknown_currency'], reasons: [] },
      });
      const { score: _, ...fallback } = aDecisionEntry().decision;
      const bare = aDecisionEntry({ door: 'kafka' });
      const scoreless = { ...bare, decision: { ...fallback, ...pick(bare.decision), source: 'fallback' } };
      expect(await write(odd, scoreless)).toEqual({ ...NOTHING, decisions: 2 });
      expect(await store.get(idOf(odd))).toEqual(recordOf(odd));
      expect(await store.get(idOf(bare))).toEqual(recordOf(scoreless as DecisionEntry));
      const [first, unknown, second] = await store.answers([
        idOf(bare),
        decisionIdOf('never came'),
        idOf(odd),
      ]);
      expect(first).toEqual({
        contentHash: bare.content_hash,
        answer: JSON.stringify(scoreless.decision),
      });
      expect(unknown).toBeNull();
      expect(second?.answer).toBe(JSON.stringify(odd.decision));
    });

    it('that are not there are null, whatever is asked for', async () => {
      for (const id of [decisionIdOf('never came'), 'no id', '', "'; drop table decisions --"]) {
        expect(await store.get(id)).toBeNull();
        expect(await store.answers([id])).toEqual([null]);
        expect(await store.history(id, WEEK_MS, 10)).toEqual({ records: [], next: null });
      }
      expect(await store.answers([])).toEqual([]);
    });

    it('of any week have their place', async () => {
      const times = [
        '1970-01-01T00:00:00.000Z',
        '2026-01-04T23:59:59.999Z',
        '2026-01-05T00:00:00.000Z',
        '2099-12-31T23:59:59.999Z',
      ];
      const entries = times.map((decided_at) => aDecisionEntry({ decision: { decided_at } }));
      expect(await write(...entries)).toMatchObject({ decisions: 4 });
      for (const entry of entries) expect(await store.get(idOf(entry))).toEqual(recordOf(entry));
    });

    it.each([
      ['2026-01-05t13:37:00.123456789z', '2026-01-05T13:37:00.123Z'],
      ['2026-01-05T13:37:00+23:59', '2026-01-04T13:38:00.000Z'],
      ['2026-01-05T13:37:00.5-16:00', '2026-01-06T05:37:00.500Z'],
      ['2026-01-05T23:59:60-15:59', '2026-01-06T15:59:00.000Z'],
    ])('of %s are taken as the contract takes them', async (occurred_at, moment) => {
      const entry = aDecisionEntry({ transaction: { occurred_at } });
      expect(await write(entry)).toEqual({ ...NOTHING, decisions: 1 });
      expect(await store.get(idOf(entry))).toEqual(recordOf(entry));
      const [from, to] = [Date.parse(moment) - 1, Date.parse(moment) + 1];
      expect((await store.quality(from, to)).cells).toMatchObject([{ decisions: 1 }]);
    });

    it('decided again with the same content are counted and the first stays, with other content they are a conflict', async () => {
      const first = aDecisionEntry();
      const again = {
        ...first,
        sequence: 999,
        decision: { ...first.decision, score: 0.5, decided_at: '2026-03-03T00:00:00.000Z' },
      };
      const other = aDecisionEntry({ transaction: { ...first.transaction, amount: 1, card_id: 'another' } });
      expect(await write(first)).toEqual({ ...NOTHING, decisions: 1 });
      expect(await write(again, other, again)).toEqual({ ...NOTHING, duplicates: 2, conflicts: 1 });
      expect(await write(other)).toEqual({ ...NOTHING, conflicts: 1 });
      expect(await store.get(idOf(first))).toEqual(recordOf(first));
      expect((await store.page({ order: 'newest', limit: 5, cardId: 'another' })).records).toEqual([]);
    });

    it('that come several times in one batch are recorded once, the first', async () => {
      const [one, two] = [aDecisionEntry(), aDecisionEntry()];
      const later = { ...one, decision: { ...one.decision, score: 0.25 } };
      const other = aDecisionEntry({ transaction: { ...one.transaction, amount: 7 } });
      expect(await write(one, two, later, other, two)).toEqual({
        ...NOTHING,
        decisions: 2,
        duplicates: 2,
        conflicts: 1,
      });
      expect(await store.get(idOf(one))).toEqual(recordOf(one));
    });

    it('written by several at once are each recorded by one of them', async () => {
      const entries = Array.from({ length: 60 }, () => aDecisionEntry());
      const written = await Promise.all(
        [entries, entries.toReversed(), entries, entries.toReversed()].map((batch) => write(...batch)),
      );
      expect(written.reduce((sum, one) => sum + one.decisions, 0)).toBe(60);
      expect(written.reduce((sum, one) => sum + one.duplicates, 0)).toBe(180);
    });
  });

  describe('pages', () => {
    it('are of what the filter means, newest first or in the order of the decisions', async () => {
      const at = (second: number) => `2025-06-02T00:00:0${second}.000Z`;
      const entries = [
        aDecisionEntry({
          transaction: { card_id: 'paged' },
          decision: { decision: 'approve', decided_at: at(1) },
        }),
        aDecisionEntry({
          transaction: { card_id: 'paged' },
          decision: { source: 'rules', decided_at: at(2) },
        }),
        aDecisionEntry({ transaction: { card_id: 'unpaged' }, decision: { decided_at: at(3) } }),
      ];
      const [one, two, three] = entries as [DecisionEntry, DecisionEntry, DecisionEntry];
      await write(three, one, two);
      const page = async (query: Partial<Parameters<RecordsStore['page']>[0]>) => {
        const limits = { fromMs: Date.parse(at(1)), toMs: Date.parse(at(4)) };
        const { records, next } = await store.page({ order: 'oldest', limit: 10, ...limits, ...query });
        expect(next).toBeNull();
        return records;
      };
      expect(await page({})).toEqual(entries.map(recordOf));
      expect(await page({ order: 'newest' })).toEqual(entries.toReversed().map(recordOf));
      expect(await page({ cardId: 'paged' })).toEqual([one, two].map(recordOf));
      expect(await page({ decision: 'approve' })).toEqual([recordOf(one)]);
      expect(await page({ source: 'rules', cardId: 'paged' })).toEqual([recordOf(two)]);
      expect(await page({ fromMs: Date.parse(at(2)), toMs: Date.parse(at(3)) })).toEqual([recordOf(two)]);
      expect(await page({ transactionId: three.transaction.transaction_id })).toEqual([recordOf(three)]);
      expect(await page({ transactionId: three.transaction.transaction_id, cardId: 'paged' })).toEqual([]);
      expect(await page({ transactionId: 'never came' })).toEqual([]);
    });

    it('end where they say so, and go on where they ended', async () => {
      const entries = Array.from({ length: 5 }, () => aDecisionEntry({ transaction: { card_id: 'five' } }));
      await write(...entries);
      const query = { order: 'oldest', cardId: 'five' } as const;
      const first = await store.page({ ...query, limit: 3 });
      expect(first.records).toEqual(entries.slice(0, 3).map(recordOf));
      const second = await store.page({ ...query, limit: 2, cursor: first.next! });
      expect(second).toEqual({ records: entries.slice(3).map(recordOf), next: null });
    });

    it.each(['', 'x', 'AAAA', Buffer.from('2026-13-01T00:00:00.000Z 1 x').toString('base64url')])(
      'refuse a cursor that is none: %j',
      async (cursor) => {
        const query = { order: 'newest', limit: 1, cursor } as const;
        await expect(store.page(query)).rejects.toThrow(new RangeError('cursor'));
        await expect(store.history(decisionIdOf('any'), 1, 1, cursor)).rejects.toThrow(
          new RangeError('cursor'),
        );
      },
    );
  });

  it('artefacts are kept by name and version, as they came first', async () => {
    const content = 'thresholds:\n  "é": 1\n';
    await write({ kind: 'artefact', name: 'policy', version: 'v1', content });
    await write({ kind: 'artefact', name: 'policy', version: 'v1', content: 'other' });
    expect(await store.artefact('policy', 'v1')).toBe(content);
    expect(await store.artefact('fx', 'v1')).toBeNull();
  });

  it('a decision that the feature store took after all says when; of one that is not recorded nothing is left', async () => {
    const [taken, other, third] = [aDecisionEntry(), aDecisionEntry(), aDecisionEntry()];
    const unknown = decisionIdOf('never decided');
    const late = { kind: 'late', decision_ids: [idOf(taken), unknown, 'no id'] };
    // With the decision, or behind it; and again.
    expect(await write(taken, other, late)).toEqual({ ...NOTHING, decisions: 2 });
    const { decided_at: decidedAt } = taken.decision;
    expect(await store.get(idOf(taken))).toEqual({ ...recordOf(taken), appended_at: decidedAt });
    const later = {
      kind: 'late',
      decision_ids: [idOf(taken), idOf(third)],
      appended_at: '2030-01-01T00:00:00.000Z',
    };
    expect(await write(late, later, third)).toMatchObject({ decisions: 1 });
    // The earlier moment holds.
    expect(await store.get(idOf(taken))).toMatchObject({ appended_at: decidedAt });
    expect(await store.get(idOf(third))).toMatchObject({ appended_at: later.appended_at });
    expect(await store.get(idOf(other))).toEqual(recordOf(other));
    expect(await store.get(unknown)).toBeNull();
  });

  describe('labels', () => {
    it('wait for their decision, and are handed out once it is there', async () => {
      const entry = aDecisionEntry();
      const id = entry.transaction.transaction_id;
      expect(await write(aLabelEntry(id))).toEqual({ ...NOTHING, labels: 1 });
      expect(await mine([idOf(entry)])).toEqual([]);
      expect(await write(entry)).toEqual({ ...NOTHING, decisions: 1, labelled: [knownAs(true, entry)] });
      expect(await mine([idOf(entry)])).toEqual([
        { decisionId: idOf(entry), fraud: true, transaction: entry.transaction },
      ]);
    });

    it.each([['before'], ['behind']])('may come %s their decision in one batch', async (order) => {
      const entry = aDecisionEntry();
      const label = aLabelEntry(entry.transaction.transaction_id);
      expect(await write(...(order === 'before' ? [label, entry] : [entry, label]))).toEqual({
        ...NOTHING,
        decisions: 1,
        labels: 1,
        labelled: [knownAs(true, entry)],
      });
      expect(await mine([idOf(entry)])).toHaveLength(1);
    });

    it('that change what is known of decisions are told by outcome, with the money that is known', async () => {
      const [declined, approved, foreign] = [
        aDecisionEntry(),
        aDecisionEntry({ decision: { decision: 'approve' }, amount_reference: 250 }),
        aDecisionEntry({ decision: { decision: 'approve' }, amount_reference: null }),
      ];
      const ids = [declined, approved, foreign].map((e) => e.transaction.transaction_id) as [
        string,
        string,
        string,
      ];
      await write(declined, approved, foreign);
      expect(await write(...ids.map((id) => aLabelEntry(id)))).toMatchObject({
        labelled: [{ outcome: 'approve', fraud: true, decisions: 2, amount: 250 }, knownAs(true, declined)],
      });
      const confirmed = ids.map((id) =>
        aLabelEntry(id, { source: 'review', labelled_at: '2026-02-02T00:00:00Z' }),
      );
      expect(await write(...confirmed)).toMatchObject({ labels: 3, labelled: [] });
      const correction = { fraud: false, source: 'customer', labelled_at: '2026-02-03T00:00:00Z' } as const;
      expect(await write(aLabelEntry(ids[0], correction))).toMatchObject({
        labelled: [knownAs(false, declined)],
      });
      expect(await write(aLabelEntry(ids[0], correction), declined)).toMatchObject({
        labels: 0,
        labelled: [],
      });
      // What became known earlier does not hold, however late it comes.
      const older = { fraud: true, source: 'review', labelled_at: '2026-01-31T00:00:00Z' } as const;
      expect(await write(aLabelEntry(ids[0], older))).toMatchObject({ labels: 1, labelled: [] });
    });

    it('are given to one for so long, until they are applied; a correction is given out again', async () => {
      const entry = aDecisionEntry();
      const id = entry.transaction.transaction_id;
      await write(entry, aLabelEntry(id));
      const claims = await Promise.all([1, 2, 3].map(() => mine([idOf(entry)], 60_000)));
      expect(claims.flat()).toHaveLength(1);
      await store.labelsApplied([told({ decisionId: idOf(entry), fraud: true })]);
      expect(await mine([idOf(entry)])).toEqual([]);
      expect(await store.labels([id])).toMatchObject([{ applied_at: expect.stringMatching(/Z$/) as string }]);
      await write(aLabelEntry(id, { fraud: false, source: 'review', labelled_at: '2026-02-02T00:00:00Z' }));
      expect(await mine([idOf(entry)])).toMatchObject([{ fraud: false }]);
      expect((await store.labels([id])).map(({ applied_at }) => applied_at !== undefined)).toEqual([
        true,
        false,
      ]);
      await store.labelsApplied([told({ decisionId: idOf(entry), fraud: false })]);
      expect(await mine([idOf(entry)])).toEqual([]);
      expect((await store.labels([id])).map(({ applied_at }) => applied_at !== undefined)).toEqual([
        true,
        true,
      ]);
    });

    it('that nobody applied within the time are given out again', async () => {
      const entry = aDecisionEntry();
      await write(entry, aLabelEntry(entry.transaction.transaction_id));
      expect(await mine([idOf(entry)], 0)).toHaveLength(1);
      expect(await mine([idOf(entry)], 0)).toHaveLength(1);
      await store.labelsApplied([told({ decisionId: idOf(entry), fraud: true })]);
    });

    it('are all kept, each once', async () => {
      const [id, other] = [aDecisionEntry(), aDecisionEntry()].map((e) => e.transaction.transaction_id) as [
        string,
        string,
      ];
      const early = aLabelEntry(id, { labelled_at: '2026-01-10T01:00:00+01:00' });
      const late = aLabelEntry(id, { labelled_at: '2026-01-11T00:00:00.250Z', fraud: false });
      expect(await write(late, early, late)).toMatchObject({ labels: 2 });
      expect(await write(early)).toMatchObject({ labels: 0 });
      expect(await store.labels([other, id])).toEqual([
        {
          transaction_id: id,
          fraud: true,
          source: 'chargeback',
          labelled_at: '2026-01-10T00:00:00.000Z',
          received_at: '2026-02-01T12:00:01.000Z',
        },
        {
          transaction_id: id,
          fraud: false,
          source: 'chargeback',
          labelled_at: '2026-01-11T00:00:00.250Z',
          received_at: '2026-02-01T12:00:01.000Z',
        },
      ]);
    });

    /** Claims everything that is pending, and tells of what is meant here. */
    const mine = async (ids: readonly string[], leaseMs = 0) =>
      (await store.claimLabels(1000, leaseMs)).filter(({ decisionId }) => ids.includes(decisionId));
  });

  it('an erased card is gone with all that is known of it, also what still comes; what it does from then on is recorded', async () => {
    const card = { card_id: 'erased' };
    const past = (transaction = card) =>
      aDecisionEntry({ transaction, decision: { decided_at: new Date(Date.now() - 1000).toISOString() } });
    const [one, two, waiting] = [past(), past(), past()];
    const other = past({ card_id: 'kept' });
    const label = aLabelEntry(one.transaction.transaction_id);
    await write(one, two, other, label, aLabelEntry(other.transaction.transaction_id));
    const conflicting = aDecisionEntry({ transaction: { ...other.transaction, ...card } });
    expect(await write(conflicting)).toMatchObject({ conflicts: 1 });

    const before = Date.now();
    const { transactionIds, ...audit } = await store.erase('erased', 'privacy office', 'request 7');
    expect(audit).toMatchObject({ asked_by: 'privacy office', reason: 'request 7', decisions: 2, labels: 1 });
    expect(audit.card_hash).toBe(createHash('sha256').update('erased').digest('hex'));
    expect(Math.abs(Date.parse(audit.at) - before)).toBeLessThan(60_000);
    expect(transactionIds.toSorted()).toEqual(
      [one, two].map(({ transaction }) => transaction.transaction_id).toSorted(),
    );
    await write(waiting, one);
    for (const entry of [one, two, waiting]) expect(await store.get(idOf(entry))).toBeNull();
    expect(await store.labels([one.transaction.transaction_id])).toEqual([]);
    expect(await store.get(idOf(other))).toEqual(recordOf(other));
    expect(await store.labels([other.transaction.transaction_id])).toHaveLength(1);

    const later = aDecisionEntry({
      transaction: card,
      decision: { decided_at: new Date(Date.now() + 1000).toISOString() },
    });
    expect(await write(later)).toMatchObject({ decisions: 1 });
    expect(await store.get(idOf(later))).toEqual(recordOf(later));
    const nothing = await store.erase('never seen', 'privacy office', 'request 8');
    expect(nothing).toMatchObject({ decisions: 0, labels: 0, transactionIds: [] });
    const { transactionIds: _, ...last } = nothing;
    expect(await store.erasures(2)).toEqual([last, audit]);
    expect(await store.erasures(1)).toEqual([last]);
  });

  it('a line that cannot be read is told, or refused for what is in it', async () => {
    expect(await store.write(['no json', '{"kind":"other"}', '7'])).toEqual({
      ...NOTHING,
      unreadable: ['no json', '{"kind":"other"}', '7'],
    });
    const { vector: _, ...vectorless } = aDecisionEntry();
    await expect(write(vectorless)).rejects.toMatchObject({ code: expect.stringMatching(/^2[23]/) });
    await expect(write({ ...aLabelEntry('x'), labelled_at: 'soon' })).rejects.toMatchObject({
      code: expect.stringMatching(/^2[23]/),
    });
  });
});

const pick = ({ decision_id, transaction_id }: Decision) => ({ decision_id, transaction_id });
