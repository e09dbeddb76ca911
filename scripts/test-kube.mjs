import { Failure, runMain } from './lib/failure.mjs';
import { requireEmpty, tryOn } from './lib/kube/cluster.mjs';
import { requireKubectl } from './lib/kube/kubectl.mjs';
import { components, overlays, render } from './lib/kube/render.mjs';
import { validate } from './lib/kube/validate.mjs';

const USAGE = `Usage: npm run test:kube [-- --cluster]

Renders deploy/k8s, with and without components, and validates it against the schemas of Kubernetes and of the operators, strictly.
  --cluster  also on the cluster of KUBECONFIG: the server's own strict dry run of every overlay, and the runbook's commands
             on one of them, in a namespace that is made for it and taken away again`;

await runMain(async () => {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => arg !== '--cluster');
  if (unknown !== undefined) throw new Failure(`unknown option ${unknown}`, USAGE, { exitCode: 2 });
  let failed = 0;
  let all = 0;
  /** @param {{ command: string, ok: boolean, output: string }} outcome */
  const tell = ({ command, ok, output }) => {
    all += 1;
    if (!ok) failed += 1;
    const last = output.split('\n').at(-1) ?? '';
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${command}\n        ${ok ? last.slice(0, 160) : output}`);
  };
  /** @type {Map<string, string>} */
  const rendered = new Map();
  for (const overlay of overlays) {
    rendered.set(overlay, await render(overlay));
    for (const added of [[], ...components.map((component) => [component]), components]) {
      const file = await render(overlay, added);
      const { objects, problems } = await validate(file);
      tell({
        command: `validate ${file}`,
        ok: problems === '',
        output: problems === '' ? `${objects} objects valid` : problems,
      });
    }
  }
  if (args.includes('--cluster')) {
    console.log(`kubectl ${await requireKubectl()}`);
    await requireEmpty();
    await tryOn(rendered, 'tps-5000', tell);
  }
  console.log(`\n${all - failed} of ${all} passed`);
  return failed === 0 ? 0 : 1;
});
