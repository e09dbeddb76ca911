import { createHash } from 'node:crypto';

/** Digits of a hash: what Grafana takes for an id, and JavaScript keeps. */
const DIGITS = 7;

/** The same for a title whatever stands before it, so that a link to a panel outlives its neighbours. */
export const panelId = (title: string): number =>
  Number.parseInt(createHash('sha256').update(title).digest('hex').slice(0, DIGITS), 16);
