import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runMain } from './lib/failure.mjs';
import { inRoot } from './lib/paths.mjs';
import { billOfMaterials } from './lib/release/bill.mjs';
import { releaseDate } from './lib/release/released.mjs';
import { byLicence } from './lib/release/sbom.mjs';

/** Usage: npm run sbom [-- --out sbom.cdx.json]: what the product is made of, as CycloneDX; and by licence, on stderr. */
await runMain(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const date = releaseDate(readFileSync(inRoot('CHANGELOG.md'), 'utf8'), version);
  const { bom, text } = await billOfMaterials(date);
  if (values.out) writeFileSync(values.out, text);
  else process.stdout.write(text);
  for (const [licence, packages] of byLicence(bom))
    console.error(
      `${String(packages.length).padStart(5)}  ${licence.padEnd(28)} ${packages.slice(0, 3).join(', ')}`,
    );
});
