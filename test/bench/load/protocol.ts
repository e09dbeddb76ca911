import type { FormName } from './forms.js';

/** What the load process is told to do, over IPC. */
export type LoadCommand =
  | { readonly type: 'connect'; readonly port: number; readonly connections: number }
  | { readonly type: 'run'; readonly run: LoadRun };

export interface LoadRun {
  readonly seconds: number;
  /** Requests per second of an open loop; null: each connection sends when its answer has come (closed loop). */
  readonly rate: number | null;
  readonly form: FormName;
  /** First transaction of the endless sequence. */
  readonly firstTransaction: number;
  /** What the body of a whole answer contains; an answer without it counts as degraded. */
  readonly wholeAnswer: string | null;
  /** Open loop: requests that are due leave each so many ms; default: as soon as a thread can be woken. It must not take a core to be on time. */
  readonly tickMs?: number;
  /** A whole answer that comes within so long, ms, counts as good. Default: any. */
  readonly goodWithinMs?: number;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What became of the transactions of one measure. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Null where nobody waits for an answer: over Kafka. */
  readonly latency: Latency | null;
  /** Answers other than 200 by status, and lost connections. Any makes the run invalid. */
  readonly failures: Readonly<Record<string, number>>;
  /** Answers with 200 that the server declared weaker than they should be. */
  readonly degraded: number;
  /** Whole answers with 200 that came in time. */
  readonly good: number;
  /** Of answers with 200 alone. */
  readonly answered: Latency | null;
  /** Open loop: how late requests left because of the generator itself or for want of a free connection, p99, ms. */
  readonly sentLateP99: number | null;
}

export type LoadReply =
  | { readonly type: 'connected' }
  | { readonly type: 'result'; readonly result: LoadResult }
  | { readonly type: 'failed'; readonly message: string };
