import { LOG_ENTITIES, type LogEntity } from '@fraud/contract';
import { CATALOGUE } from './catalogue.js';
import { LABEL_DELAY_MS, WINDOW_MS, type Feature } from './feature.js';

/** How far before a transaction a feature's window begins, ms. What has no window is about what the log still holds: 0. */
function reachOf({ aggregate, window }: Feature): number {
  if (aggregate === 'trend') return WINDOW_MS['30d'];
  if (window === null) return 0;
  return WINDOW_MS[window] + (aggregate === 'fraud_share' ? LABEL_DELAY_MS : 0);
}

/** How far the windows over each log reach back: the longest that the catalogue declares. Together they leave no gap. */
export const REACH_MS = Object.fromEntries(
  LOG_ENTITIES.map((entity) => [
    entity,
    Math.max(...CATALOGUE.filter((feature) => feature.entity === entity).map(reachOf)),
  ]),
) as Readonly<Record<LogEntity, number>>;
