import type { ErrorCode } from '@fraud/contract';
import type { OutgoingMessage } from '@fraud/platform';

/** What became of the messages of a slice. */
export interface SliceAnswer {
  /** What has to be published before the slice is done. */
  readonly outgoing: readonly OutgoingMessage[];
  /** Messages that became dead letters, by error code. */
  readonly dead: ReadonlyMap<ErrorCode, number>;
}

/** What a slice may have to wait for. */
export type Missing = Extract<ErrorCode, 'features_unavailable' | 'records_unavailable'>;

/** Nothing is done for a slice: something that it needs is away. Its messages are not to blame, and are read again. */
export interface PutOff {
  readonly putOff: Missing;
}

/** Thrown to where slices come from. */
export class NotNow extends Error {
  constructor(readonly missing: Missing) {
    super(missing);
  }
}
