import { runMain } from '../lib/failure.mjs';
import { openEngine } from '../lib/image/engine.mjs';
import { dockerByEngine, dockerOnPaper } from '../lib/runbook/docker-played.mjs';

/** In place of docker. RUNBOOK_STATE: a directory of this trial; RUNBOOK_IMAGE: built, or only parsed. */
await runMain(async () => {
  const state = process.env.RUNBOOK_STATE ?? '';
  const docker =
    process.env.RUNBOOK_IMAGE === 'built' ? dockerByEngine(await openEngine(), state) : dockerOnPaper(state);
  const { code, output } = await docker(process.argv.slice(2));
  (code === 0 ? process.stdout : process.stderr).write(`${output.trimEnd()}\n`);
  return code;
});
