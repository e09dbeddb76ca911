/** Asks for so many transactions through the store, in exchanges of so many, and for their warm-up before that. */
export interface StoreCommand {
  readonly type: 'prepare' | 'run';
  readonly turn: number;
  readonly firstTransaction: number;
  readonly transactions: number;
}

export type StoreReply =
  { readonly type: 'done'; readonly seconds: number } | { readonly type: 'failed'; readonly message: string };
