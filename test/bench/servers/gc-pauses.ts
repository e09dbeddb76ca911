import { ask } from './ipc.js';
import type { Server } from './server.js';

/** GC pauses since the last question, milliseconds by kind; none where the server is no Node process. */
export async function gcPauses({ child, probed }: Server): Promise<Record<string, number[]>> {
  if (!probed) return {};
  return (await ask<{ pauses: Record<string, number[]> }>(child, { type: 'gc' })).pauses;
}
