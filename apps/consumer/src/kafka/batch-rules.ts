/** How messages are read, and where what becomes of them goes. */
export interface BatchRules {
  /** Topic of decisions. */
  readonly decisions: string;
  /** Topic of dead letters. */
  readonly deadLetters: string;
  /** Largest value that is read, bytes. */
  readonly mostBytes: number;
}
