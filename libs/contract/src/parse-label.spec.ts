import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLabel } from './index.js';

const valid = {
  transaction_id: 'tx-1',
  label: 'fraud',
  source: 'chargeback',
  labelled_at: '2026-02-11T09:00:00+01:00',
};
const AT = Date.parse(valid.labelled_at);

describe('parseLabel', () => {
  it('reads a label and when it became known, and takes fields that it does not know', () => {
    const more = { ...valid, case: 17 };
    expect(parseLabel(more)).toEqual({ ok: true, label: more, labelledAtMs: AT });
    expect(parseLabel({ ...valid, label: 'legitimate', source: 'review' }).ok).toBe(true);
  });

  it('names every wrong field at once, with its path in a batch', () => {
    const wrong = {
      transaction_id: 'with space',
      label: 'Fraud',
      source: 'rumour',
      labelled_at: '2026-02-11',
    };
    expect(parseLabel(wrong, 'labels[3]')).toEqual({
      ok: false,
      code: 'invalid_label',
      errors: [
        { field: 'labels[3].transaction_id', code: 'format', message: expect.stringContaining('printable') },
        { field: 'labels[3].label', code: 'choice', message: 'must be one of fraud, legitimate' },
        { field: 'labels[3].source', code: 'choice', message: expect.stringContaining('issuer_alert') },
        { field: 'labels[3].labelled_at', code: 'format', message: expect.stringContaining('RFC 3339') },
      ],
    });
    expect(parseLabel({})).toMatchObject({
      errors: ['transaction_id', 'label', 'source', 'labelled_at'].map((field) => ({
        field,
        code: 'required',
      })),
    });
  });

  it('refuses a label of beyond the latest moment that is allowed', () => {
    expect(parseLabel(valid, '', AT).ok).toBe(true);
    expect(parseLabel(valid, '', AT - 1)).toMatchObject({
      ok: false,
      errors: [{ field: 'labelled_at', code: 'range' }],
    });
  });

  it('never throws and never repeats a value, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(parseLabel(anything).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(valid)), (field) => {
        const parsed = parseLabel({ ...valid, [field]: 'sécret-värde ' });
        expect(parsed.ok).toBe(false);
        expect(JSON.stringify(parsed)).not.toContain('sécret');
      }),
    );
  });
});
