import { checkSteps } from './lib/check-steps.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { seconds } from './lib/progress.mjs';
import { ensureReady } from './lib/ready.mjs';

const NAME_WIDTH = Math.max(...checkSteps.map(({ name }) => name.length));

/** Usage: npm run check [-- step …] */
await runMain(async () => {
  const asked = process.argv.slice(2);
  const known = checkSteps.map(({ name }) => name);
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Failure(`no step ${unknown.join(', ')}`, `one of: ${known.join(', ')}`);

  await ensureReady({ build: false });
  const steps = checkSteps.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const began = Date.now();
  const failed = [];
  for (const step of steps) if (!(await passes(step))) failed.push(step.name);
  const total = seconds(Date.now() - began);
  console.log(
    failed.length === 0
      ? `check: ${steps.length} steps passed in ${total}`
      : `check: ${failed.length} of ${steps.length} steps failed in ${total}: ${failed.join(', ')}`,
  );
  return failed.length === 0 ? 0 : 1;
});

/** @param {import('./lib/check-steps.mjs').Step} step */
async function passes({ name, run }) {
  const began = Date.now();
  const { code, output } = await run();
  console.log(
    `${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(NAME_WIDTH)}  ${seconds(Date.now() - began)}`,
  );
  if (code !== 0) console.log(`\n${output.trim()}\n`);
  return code === 0;
}
