/**
 * @typedef {{ license?: { id?: string, name?: string }, expression?: string }} Licence
 * @typedef {{ 'bom-ref': string, name: string, version: string, licenses?: Licence[], externalReferences?: { type: string, url: string }[] }} Component
 * @typedef {{ ref: string, dependsOn: string[] }} Dependency
 * @typedef {{ metadata: { component: Component }, components: Component[], dependencies: Dependency[] }} Bom
 * @typedef {{ name: string, packages: Record<string, { version?: string, name?: string, dev?: boolean }> }} Lock
 */

/** Where a package was fetched from is a matter of the machine that did; its purl says what it is. */
const OF_THE_MACHINE = 'distribution';

/**
 * The CycloneDX bill of materials of all that is installed, cut down to what the product is made of. By the lock, since
 * `npm sbom --omit dev` also leaves out packages that the product and a development dependency share.
 * @param {Bom} bom
 * @param {Lock} lock
 * @returns {Bom}
 */
export function ofTheProduct(bom, lock) {
  const places = Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && !dev);
  const shipped = new Set(places.map(([place, { version }]) => `${nameOf(place)}@${version}`));
  const components = bom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
  const product = { ...bom.metadata.component, name: lock.name };
  const refs = new Set([product, ...components].map((component) => component['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  return {
    ...bom,
    metadata: { ...bom.metadata, component: product },
    components: components.map(withoutAddress),
    dependencies,
  };
}

/** `@a/b` of `node_modules/c/node_modules/@a/b`. @param {string} place */
const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** @param {Component} component */
const withoutAddress = ({ externalReferences = [], ...component }) => ({
  ...component,
  externalReferences: externalReferences.filter(({ type }) => type !== OF_THE_MACHINE),
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
