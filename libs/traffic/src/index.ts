export type { FraudLabel, LabelledTransaction } from './labelled-transaction.js';
export { mergeByEventTime } from './order/merge.js';
export { TimeHeap, type Timed } from './order/time-heap.js';
export { byteSource, readLines, type ByteSource } from './readers/byte-source.js';
export {
  openTraffic,
  type OpenTrafficOptions,
  type TrafficKind,
  type TrafficSource,
} from './readers/open-traffic.js';
export { TrafficFileError } from './readers/traffic-file-error.js';
export { cardsFor, type SimulationOptions } from './simulator/options.js';
export { simulate } from './simulator/simulate.js';
export { writeNdjson } from './writers/ndjson-writer.js';
