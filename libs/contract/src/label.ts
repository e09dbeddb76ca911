/** Who says what a transaction turned out to be. */
export const LABEL_SOURCES = ['chargeback', 'issuer_alert', 'review', 'customer'] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];
