import { build } from './lib/build.mjs';
import { runMain } from './lib/failure.mjs';
import { withLock } from './lib/lock.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensureReady } from './lib/ready.mjs';

await runMain(async () => {
  await ensureReady({ build: false });
  await withLock(inRoot('.cache/prepare.lock'), build);
});
