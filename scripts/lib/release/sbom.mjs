import { createHash } from 'node:crypto';

/**
 * @typedef {{ license?: { id?: string, name?: string }, expression?: string }} Licence
 * @typedef {{ 'bom-ref': string, type?: string, name: string, version: string, licenses?: Licence[], externalReferences?: { type: string, url: string }[], properties?: { name: string, value: string }[] }} Component
 * @typedef {{ ref: string, dependsOn: string[] }} Dependency
 * @typedef {{ metadata: { component: Component, [more: string]: unknown }, components: Component[], dependencies: Dependency[], [more: string]: unknown }} Bom
 * @typedef {{ name: string, packages: Record<string, { version?: string, name?: string, dev?: boolean }> }} Lock
 */

/** Where a package was fetched from is a matter of the machine that did; its purl says what it is. */
const OF_THE_MACHINE = 'distribution';
/** npm 10 says where in node_modules a package lies, npm 11 does not. */
const OF_SOME_NPM = 'cdx:npm:package:path';

/**
 * The CycloneDX bill of materials of all that a lock names, cut down to what the product is made of. By the lock, since
 * `npm sbom --omit dev` also leaves out packages that the product and a development dependency share. The same lock and date give
 * the same bytes, whoever runs it, and when.
 * @param {Bom} bom
 * @param {Lock} lock
 * @param {string | undefined} date of the release, YYYY-MM-DD
 * @returns {Bom}
 */
export function ofTheProduct(bom, lock, date) {
  const places = Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && !dev);
  const shipped = new Set(places.map(([place, { version }]) => `${nameOf(place)}@${version}`));
  const components = bom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
  const product = { ...withoutPlace(bom.metadata.component), type: 'application', name: lock.name };
  const refs = new Set([product, ...components].map((component) => component['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)).sort() }));
  const metadata = {
    ...(date !== undefined && { timestamp: `${date}T00:00:00Z` }),
    tools: [{ vendor: 'npm', name: 'cli' }],
    component: product,
  };
  return identified({
    ...bom,
    metadata,
    components: inOrder(components.map(withoutPlace), 'bom-ref'),
    dependencies: inOrder(dependencies, 'ref'),
  });
}

/**
 * One of each, by code units: npm 10 names a package for each place where it lies.
 * @template {string} K
 * @template {Record<K, string>} T
 * @param {readonly T[]} list
 * @param {K} key
 */
const inOrder = (list, key) =>
  [...new Map(list.map((one) => [one[key], one])).values()].sort((a, b) => (a[key] < b[key] ? -1 : 1));

/** Its serial number is made of what it says: a UUID of version 8 (RFC 9562). @param {Bom} bom @returns {Bom} */
function identified(bom) {
  const { serialNumber: _, ...said } = bom;
  const hex = createHash('sha256').update(JSON.stringify(said)).digest('hex');
  const uuid = hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
  return { ...bom, serialNumber: `urn:uuid:${uuid}` };
}

/** `@a/b` of `node_modules/c/node_modules/@a/b`. @param {string} place */
const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** @param {Component} component @returns {Component} */
const withoutPlace = (component) => ({
  ...component,
  properties: component.properties?.filter(({ name }) => name !== OF_SOME_NPM) ?? [],
  externalReferences: component.externalReferences?.filter(({ type }) => type !== OF_THE_MACHINE) ?? [],
});

/** @param {Component} component */
const licenceOf = ({ licenses = [] }) =>
  licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).join(' AND ') ||
  'unknown';

/** Packages by licence, the most frequent first. @param {Bom} bom @returns {[licence: string, packages: string[]][]} */
export function byLicence({ components }) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const component of components) {
    const licence = licenceOf(component);
    found.set(licence, [...(found.get(licence) ?? []), `${component.name}@${component.version}`]);
  }
  return [...found].sort(([, a], [, b]) => b.length - a.length);
}
