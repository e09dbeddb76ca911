import { expect, it } from 'vitest';
import { byLicence, ofTheProduct } from './sbom.mjs';

const component = (name: string, version: string, licence?: string) => ({
  'bom-ref': `${name}@${version}`,
  name,
  version,
  ...(licence === undefined ? {} : { licenses: [{ license: { id: licence } }] }),
  externalReferences: [
    { type: 'distribution', url: `https://registry.internal/${name}.tgz` },
    { type: 'vcs', url: `https://example.org/${name}.git` },
  ],
});
const bom = {
  serialNumber: 'urn:uuid:made-anew-each-time',
  metadata: {
    timestamp: '2026-11-27T23:29:18.807Z',
    lifecycles: [{ phase: 'pre-build' }],
    tools: [{ vendor: 'npm', name: 'cli', version: '11.19.1' }],
    component: component('a-folder', '1.0.0'),
  },
  components: [
    component('@a/b', '1.0.0', 'MIT'),
    component('@a/b', '2.0.0', 'MIT'),
    component('shared', '3.0.0'),
    component('tool', '4.0.0', 'MIT'),
  ],
  dependencies: [
    { ref: 'a-folder@1.0.0', dependsOn: ['shared@3.0.0', 'tool@4.0.0'] },
    { ref: 'tool@4.0.0', dependsOn: ['shared@3.0.0', '@a/b@2.0.0'] },
  ],
};
const lock = {
  name: 'the-product',
  packages: {
    '': { name: 'the-product', version: '1.0.0' },
    'node_modules/@a/b': { version: '1.0.0' },
    'node_modules/shared': { version: '3.0.0' },
    'node_modules/tool': { version: '4.0.0', dev: true },
    'node_modules/tool/node_modules/@a/b': { version: '2.0.0', dev: true },
  },
};

it('names what the product is made of, its development dependencies not, and no address of a registry', () => {
  const product = ofTheProduct(bom, lock, undefined);
  expect(product.metadata.component.name).toBe('the-product');
  expect(product.components.map((one) => one['bom-ref'])).toEqual(['@a/b@1.0.0', 'shared@3.0.0']);
  expect(product.dependencies).toEqual([{ ref: 'a-folder@1.0.0', dependsOn: ['shared@3.0.0'] }]);
  expect(JSON.stringify(product.components)).not.toContain('registry.internal');
  expect(JSON.stringify(product.components)).toContain('https://example.org/shared.git');
});

it('is the same, to the byte, whoever makes it, and when, in whatever order packages come; another release has another serial number', () => {
  const elsewhere = {
    serialNumber: 'urn:uuid:another',
    metadata: {
      timestamp: '2027-01-01T00:00:00.000Z',
      tools: [{ vendor: 'npm', name: 'cli', version: '12.0.0' }],
      // npm calls it by the folder that it lies in.
      component: { ...component('a-folder', '1.0.0'), name: 'another-folder' },
    },
    // Some npm names a package once for each place where it lies, and each place.
    components: [...bom.components, ...bom.components]
      .map((one) => ({ ...one, properties: [{ name: 'cdx:npm:package:path', value: 'node_modules/x' }] }))
      .toReversed(),
    dependencies: bom.dependencies
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.toReversed() }))
      .toReversed(),
  };
  const text = (of: typeof bom | typeof elsewhere, date?: string): string =>
    JSON.stringify(ofTheProduct(of, lock, date));
  expect(text(elsewhere, '2026-02-03')).toBe(text(bom, '2026-02-03'));
  const product = ofTheProduct(bom, lock, '2026-02-03');
  expect(product.metadata.timestamp).toBe('2026-02-03T00:00:00Z');
  expect(product.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(ofTheProduct(bom, lock, '2026-02-04').serialNumber).not.toBe(product.serialNumber);
});

it('counts packages by licence, and says of which none is known', () => {
  expect(byLicence(ofTheProduct(bom, lock, undefined))).toEqual([
    ['MIT', ['@a/b@1.0.0']],
    ['unknown', ['shared@3.0.0']],
  ]);
});
