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
  metadata: { component: component('a-folder', '1.0.0') },
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
  const product = ofTheProduct(bom, lock);
  expect(product.metadata.component.name).toBe('the-product');
  expect(product.components.map((one) => one['bom-ref'])).toEqual(['@a/b@1.0.0', 'shared@3.0.0']);
  expect(product.dependencies).toEqual([{ ref: 'a-folder@1.0.0', dependsOn: ['shared@3.0.0'] }]);
  expect(JSON.stringify(product.components)).not.toContain('registry.internal');
  expect(JSON.stringify(product.components)).toContain('https://example.org/shared.git');
});

it('counts packages by licence, and says of which none is known', () => {
  expect(byLicence(ofTheProduct(bom, lock))).toEqual([
    ['MIT', ['@a/b@1.0.0']],
    ['unknown', ['shared@3.0.0']],
  ]);
});
