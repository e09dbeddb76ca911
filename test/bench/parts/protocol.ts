import type { PartPhaseName } from '../plan.js';

/** Asks for so many transactions through a part of the engine, and for what it takes to be made before that. */
export interface PartCommand {
  readonly type: 'prepare' | 'run';
  readonly phase: PartPhaseName;
  readonly firstTransaction: number;
  readonly transactions: number;
}

export type PartReply =
  { readonly type: 'done'; readonly seconds: number } | { readonly type: 'failed'; readonly message: string };
