import type { ControlDocument } from '@fraud/platform';
import type { Door } from '@fraud/records';

/** A bypass: who wanted it and why, from when until when, and for whom. */
export interface BypassOrder {
  readonly reason: string;
  readonly author: string;
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** Transactions that come in by these are approved. */
  readonly doors: readonly Door[];
}

/** What all instances have agreed on. */
export interface AgreedBypass extends ControlDocument {
  /** Null: there is none. One whose time is over stays here, and has no effect. */
  readonly bypass: BypassOrder | null;
  readonly changed_at: string;
  readonly changed_by: string;
}

export const NOTHING_AGREED: AgreedBypass = { revision: 0, bypass: null, changed_at: '', changed_by: '' };

/** What an administrator asks for. */
export interface BypassRequest {
  readonly reason: string;
  readonly author: string;
  readonly minutes: number;
  readonly doors: readonly Door[];
}

/** How it is in this process. */
export interface BypassState {
  /** Everything that comes in here is approved unscored. */
  readonly active: boolean;
  /** Who decides that: BYPASS_MODE, or what all instances agree on. */
  readonly by: 'environment' | 'agreement';
  /** The last one, also where its time is over or it is meant for other doors; null: there is none. */
  readonly bypass: BypassOrder | null;
}

/** The environment says whether there is a bypass, and wins. */
export class BypassChangeRefused extends Error {
  override readonly name = 'BypassChangeRefused';
  readonly code = 'bypass_set_by_environment';
}
