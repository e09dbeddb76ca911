import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { npmCommand } from './lib/npm.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensureReady } from './lib/ready.mjs';
import { byLicence, ofTheProduct } from './lib/release/sbom.mjs';

/** Usage: npm run sbom [-- --out sbom.cdx.json]: what the product is made of, as CycloneDX; and by licence, on stderr. */
await runMain(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  await ensureReady({ build: false });
  const npm = npmCommand();
  const args = [...npm.args, 'sbom', '--sbom-format', 'cyclonedx'];
  const { code, output } = await runChild(npm.command, args, { env: npm.env, shell: npm.shell });
  if (code !== 0) throw new Failure('npm sbom failed', 'npm ci, then again', { detail: output });
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const bom = ofTheProduct(JSON.parse(output.slice(output.indexOf('{'))), lock);
  const text = `${JSON.stringify(bom, null, 2)}\n`;
  if (values.out) writeFileSync(values.out, text);
  else process.stdout.write(text);
  for (const [licence, packages] of byLicence(bom))
    console.error(
      `${String(packages.length).padStart(5)}  ${licence.padEnd(28)} ${packages.slice(0, 3).join(', ')}`,
    );
});
