import type { ErrorCode } from '@fraud/contract';
import type { OutgoingMessage } from '@fraud/platform';

/** What became of the messages of a slice. */
export interface SliceAnswer {
  /** What has to be published before the slice is done. */
  readonly outgoing: readonly OutgoingMessage[];
  /** Messages that became dead letters, by error code. */
  readonly dead: ReadonlyMap<ErrorCode, number>;
}
