import {
  CARD_EVENT_BYTES,
  tokenHash,
  VISIT_BYTES,
  writeCardEvent,
  writeVisit,
  type CurrentTransaction,
  type Pseudonyms,
  type StateRead,
} from '@fraud/features';

/** What the rows of a turn ask of the store. Their events share two buffers. */
export function toReads(rows: readonly CurrentTransaction[], pseudonyms: Pseudonyms): StateRead[] {
  const events = Buffer.allocUnsafe(rows.length * CARD_EVENT_BYTES);
  const visits = Buffer.allocUnsafe(rows.length * VISIT_BYTES);
  return rows.map((row, i): StateRead => {
    const at = i * CARD_EVENT_BYTES;
    writeCardEvent(row.event, row.identity.eventHash, events, at);
    const visitAt = i * VISIT_BYTES;
    const { transaction_id, card_id, merchant_id, terminal_id, device_id, ip } = row.parsed.transaction;
    writeVisit(row.event, tokenHash(card_id), row.identity.eventHash, visits, visitAt);
    return {
      transactionId: transaction_id,
      cardId: card_id,
      merchantId: merchant_id,
      terminalId: terminal_id ?? null,
      deviceId: device_id ?? null,
      ipHash: ip === undefined ? null : pseudonyms.of(ip),
      cardEvent: events.subarray(at, at + CARD_EVENT_BYTES),
      visit: visits.subarray(visitAt, visitAt + VISIT_BYTES),
    };
  });
}
