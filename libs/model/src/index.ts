export { loadModel, type ExpectedCatalogue, type Model } from './load-model.js';
export type { GoldenRow, Manifest } from './manifest.js';
export { ModelRefused, type RefusalReason } from './model-refused.js';
export type { Scores } from './onnx-scorer.js';
