/** A failure the user can act on: what happened, and what to do next. Everything else is a bug and keeps its stack. */
export class Failure extends Error {
  /**
   * @param {string} what
   * @param {string} next
   * @param {{ detail?: string, exitCode?: number }} [more] detail: output of the tool that failed
   */
  constructor(what, next, more = {}) {
    super(what);
    this.name = 'Failure';
    this.next = next;
    this.detail = more.detail ?? '';
    this.exitCode = more.exitCode ?? 1;
  }
}

/** @param {unknown} error */
export function describeFailure(error) {
  if (!(error instanceof Failure))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const detail = error.detail.trim();
  return `${detail ? `${detail}\n\n` : ''}Failed: ${error.message}\nNext:   ${error.next}`;
}

/**
 * Runs a script's main function and turns its outcome into the exit code.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${describeFailure(error)}\n`);
    process.exitCode = error instanceof Failure ? error.exitCode : 1;
  }
}
