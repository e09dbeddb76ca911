export { toCurrent, type CurrentTransaction } from './catalogue/current.js';
export { CATALOGUE, CATALOGUE_VERSION } from './catalogue/catalogue.js';
export { celTypes } from './catalogue/cel.js';
export { sentenceOf } from './catalogue/sentence.js';
export { LABEL_DELAY_MS, type Feature } from './catalogue/feature.js';
export { loadFxTable, parseFxTable, type FxTable } from './fx.js';
export { CARD_EVENT_BYTES, writeCardEvent } from './state/card-event.js';
export { Pseudonyms } from './pseudonyms.js';
export { tokenHash } from './state/token-hash.js';
export { VISIT_BYTES, writeVisit } from './state/visit.js';
export { addFraud, addToRing, copyRing } from './state/ring.js';
export { RingHistory } from './state/ring-history.js';
export { ClusterFeatureStore } from './store/cluster-store.js';
export { forgottenUntilMs, isPastVisit } from './store/backfill.js';
export { MemoryFeatureStore, type MemoryStoreOptions } from './store/memory-store.js';
export { RedisFeatureStore } from './store/redis-store.js';
export {
  FeatureStoreUnavailable,
  LAYOUT_VERSION,
  MOST_READS,
  type CounterUpdate,
  type DecisionCommit,
  type Exchanged,
  type FeatureStore,
  type LabelUpdate,
  type StateOfRow,
  type StateRead,
} from './store/store.js';
export { DRIFT_FEATURES, FEATURE_NAMES, VECTOR_LENGTH, writeDefaultVector, writeVector } from './vector.js';
