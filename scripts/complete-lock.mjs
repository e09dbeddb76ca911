import { readFileSync, writeFileSync } from 'node:fs';
import { runMain } from './lib/failure.mjs';
import { completeLock } from './lib/lockfile.mjs';
import { inRoot } from './lib/paths.mjs';

await runMain(async () => {
  const file = inRoot('package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = completeLock(lock);
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length > 0 ? `Added ${added.join(', ')}` : 'The lock is complete.');
});
