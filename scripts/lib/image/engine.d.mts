export interface Engine {
  /** Runs podman to its end. @returns what it said @throws where it failed */
  run(...args: string[]): Promise<string>;
  /** The same, for what may fail. */
  try(...args: string[]): Promise<{ readonly code: number; readonly output: string }>;
}

export function openEngine(): Promise<Engine>;
