import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadCommand, LoadReply, LoadResult, LoadRun } from './load/protocol.js';
import { GRACE_MS } from './load/tally.js';
import { ask } from './servers/ipc.js';
import { stopProcess } from './servers/server.js';

/** The load process, seen from the process that measures. */
export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor() {
    const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
    this.#child = spawn(
      process.execPath,
      ['--single-threaded-gc', '--import', here('../../scripts/lib/ts-imports.mjs'), here('load/process.ts')],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async connect(port: number, connections: number): Promise<void> {
    await this.#execute({ type: 'connect', port, connections }, 0);
  }

  async run(run: LoadRun): Promise<LoadResult> {
    const reply = await this.#execute({ type: 'run', run }, run.seconds * 1000 + GRACE_MS);
    if (reply.type !== 'result') throw new Error(`the load generator replied ${reply.type}`);
    return reply.result;
  }

  stop(): Promise<void> {
    return stopProcess(this.#child);
  }

  async #execute(command: LoadCommand, lastsMs: number): Promise<LoadReply> {
    const reply = await ask<LoadReply>(this.#child, command, lastsMs + 10_000);
    if (reply.type === 'failed') throw new Error(`the load generator failed: ${reply.message}`);
    return reply;
  }
}
