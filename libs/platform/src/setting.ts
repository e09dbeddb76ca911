/** One setting: a JSON Schema property with what the documentation needs. */
export interface Setting {
  readonly type: 'string' | 'integer';
  readonly description: string;
  readonly default?: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: 'redis-url' | 'addresses' | 'rollout';
  /** What a right value looks like, for error messages and the documentation. */
  readonly expected: string;
  /** Never printed: it may carry a password. */
  readonly writeOnly?: true;
}
