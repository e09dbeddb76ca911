import type { PartCommand, PartReply } from './protocol.js';

/** Carries out what the benchmark asks for, one command at a time, and tells how long it took. */
export function serve(execute: (command: PartCommand) => Promise<void> | void): void {
  process.on('message', (command: PartCommand) => {
    void timed(command, execute)
      .catch((cause: unknown): PartReply => ({ type: 'failed', message: String(cause) }))
      .then((reply) => process.send!(reply));
  });
  process.on('disconnect', () => process.exit());
}

async function timed(
  command: PartCommand,
  execute: (command: PartCommand) => Promise<void> | void,
): Promise<PartReply> {
  const begun = performance.now();
  await execute(command);
  return { type: 'done', seconds: (performance.now() - begun) / 1000 };
}
