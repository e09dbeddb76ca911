import type { MessagePort } from 'node:worker_threads';
import type { RecordsStore, Written } from '../store.js';

/** Where the database is: a Postgres, or a directory of the embedded one. */
export type DatabaseAddress = { readonly url: string } | { readonly directory: string };

/** What the thread is started with. */
export interface ThreadOptions {
  readonly database: DatabaseAddress;
  /** Null: nothing is dropped. */
  readonly retentionDays: number | null;
  readonly spools: readonly {
    readonly directory: string;
    /** By this process, which still writes to it; else left by another one. */
    readonly written: boolean;
  }[];
  /** Lines that no database takes are kept here. */
  readonly aside: string;
}

type Method = Exclude<keyof RecordsStore, 'close'>;

/** To the thread. */
export type Request =
  | { readonly kind: 'call'; readonly id: number; readonly method: Method; readonly args: readonly unknown[] }
  /** Bring what is left to the database for at most so long, and end. */
  | { readonly kind: 'close'; readonly withinMs: number };

/** From the thread. */
export type Report =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly name: string; readonly message: string }
  /** The database has taken lines of the spool. */
  | {
      readonly kind: 'drained';
      readonly bytes: number;
      readonly own: boolean;
      readonly written: Written;
      readonly seconds: number;
    }
  /** Lines, or a last line without an end, that were put aside. */
  | { readonly kind: 'aside'; readonly lines: number; readonly reason: string }
  | { readonly kind: 'database'; readonly up: boolean; readonly message: string }
  | { readonly kind: 'closed' };

/** Either end of the way between a process and its thread. */
export type Port = Pick<MessagePort, 'postMessage' | 'on' | 'close'>;
