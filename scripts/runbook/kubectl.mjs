import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { runMain } from '../lib/failure.mjs';
import { playKubectl } from '../lib/runbook/kubectl-played.mjs';

/** In place of kubectl where there is no cluster. RUNBOOK_MANIFESTS: the rendered overlay; RUNBOOK_KUBECTL: the real one. */
await runMain(async () => {
  const { code, output } = await playKubectl(process.argv.slice(2), {
    manifests: readFileSync(process.env.RUNBOOK_MANIFESTS ?? '', 'utf8'),
    kubectl: process.env.RUNBOOK_KUBECTL ?? '',
    stdin: () => text(process.stdin),
  });
  (code === 0 ? process.stdout : process.stderr).write(`${output.trimEnd()}\n`);
  return code;
});
