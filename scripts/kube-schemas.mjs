import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { strict } from './lib/kube/strict.mjs';
import { inRoot } from './lib/paths.mjs';

/** Usage: npm run kube:schemas. Writes the schemas of the operators' objects from what they release, by `go mod download`. */
const SOURCES = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: [
      'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
      'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
    ],
  },
  { module: 'github.com/kedacore/keda/v2@v2.21.0', files: ['config/crd/bases/keda.sh_scaledobjects.yaml'] },
];

await runMain(async () => {
  for (const { module, files } of SOURCES) {
    const { code, output } = await runChild('go', ['mod', 'download', '-json', module]);
    if (code !== 0)
      throw new Failure(`${module} does not come`, 'see whether there is a Go with a proxy', {
        detail: output,
      });
    /** @type {{ Dir: string }} */
    const { Dir } = JSON.parse(output.slice(output.indexOf('{')));
    for (const file of files) {
      const { spec } = parse(readFileSync(path.join(Dir, file), 'utf8'));
      for (const { name, schema } of spec.versions) {
        const $id = `${spec.group}/${name}/${spec.names.kind}`;
        const to = inRoot('scripts/lib/kube/schemas', `${$id.replaceAll('/', '_')}.json`);
        const written = { $id, $comment: `${module} ${file}`, ...strict(schema.openAPIV3Schema) };
        writeFileSync(to, `${JSON.stringify(written, null, 1)}\n`);
      }
    }
  }
  return 0;
});
