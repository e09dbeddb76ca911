export type { FraudLabel, LabelledTransaction } from './labelled-transaction.js';
export { cardsFor, type SimulationOptions } from './simulator/options.js';
export { simulate } from './simulator/simulate.js';
