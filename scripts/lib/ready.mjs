import { build, isBuilt } from './build.mjs';
import { install } from './install.mjs';
import { whyInstall } from './installed.mjs';
import { withLock } from './lock.mjs';
import { inRoot, root } from './paths.mjs';

/**
 * Brings dependencies and, unless told otherwise, the build up to date. Costs some 50 ms when nothing changed.
 * Of several at once one works and the others wait for it.
 * @param {{ build: boolean }} [what]
 */
export async function ensureReady(what = { build: true }) {
  if (isReady(what)) return;
  await withLock(inRoot('.cache/prepare.lock'), async () => {
    const reason = whyInstall(root);
    if (reason) await install(reason);
    if (what.build && !isBuilt()) await build();
  });
}

/** @param {{ build: boolean }} what */
const isReady = (what) => whyInstall(root) === undefined && (!what.build || isBuilt());
