/**
 * Rules for package-lock.json, and the completion of a lock written against a registry that serves only some platforms.
 */

/**
 * @typedef {object} Locked
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {boolean} [hasInstallScript]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */
/** @typedef {{ packages: Record<string, Locked> }} Lock */

const OPERATING_SYSTEMS = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'sunos',
  'win32',
]);
const PROCESSORS = new Set(['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']);
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

/**
 * @param {Lock} lock
 * @param {Record<string, boolean>} allowScripts of package.json: every package with an install script, by name
 * @returns {string[]} what is wrong, empty when nothing
 */
export function lockfileProblems(lock, allowScripts) {
  const problems = [];
  for (const [place, locked] of Object.entries(lock.packages)) {
    const name = nameOf(place);
    // A lock without addresses installs from whatever registry the reader uses (.npmrc leaves them out).
    if (locked.resolved && !locked.link) {
      problems.push(`${name} is resolved from ${hostOf(locked.resolved)}: clones elsewhere may not reach it`);
    }
    if (locked.hasInstallScript && !(name in allowScripts)) {
      problems.push(`${name} has an install script that package.json's allowScripts does not decide on`);
    }
  }
  for (const { parent, name, version } of missingOptionals(lock)) {
    problems.push(
      `${name}@${version} (optional in ${parent}) is missing, so npm ci refuses; run: node scripts/complete-lock.mjs`,
    );
  }
  return problems;
}

/**
 * Adds the optional packages of other platforms, pinned by their parents but unknown to the registry in use.
 * Without them `npm ci` takes the lock for stale. They are never installed on a platform they do not name.
 * @param {Lock} lock
 * @returns {string[]} what was added
 */
export function completeLock(lock) {
  const missing = missingOptionals(lock).filter(({ version }) => EXACT_VERSION.test(version));
  for (const { name, version, dev } of missing) {
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(dev ? { dev } : {}),
      optional: true,
      ...platformOf(name),
    };
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  return missing.map(({ name, version }) => `${name}@${version}`);
}

/** @param {string} name such as `@oxlint/binding-linux-arm64-musl` */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => OPERATING_SYSTEMS.has(word));
  const cpu = words.filter((word) => PROCESSORS.has(word));
  const libc = words.flatMap((word) => {
    if (!os.includes('linux')) return [];
    if (word.startsWith('musl')) return ['musl'];
    return word.startsWith('gnu') ? ['glibc'] : [];
  });
  return { ...(os.length ? { os } : {}), ...(cpu.length ? { cpu } : {}), ...(libc.length ? { libc } : {}) };
}

/** @param {Lock} lock */
function missingOptionals(lock) {
  return Object.entries(lock.packages).flatMap(([place, locked]) =>
    Object.entries(locked.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(lock, place, name))
      .map(([name, version]) => ({ parent: nameOf(place), name, version, dev: locked.dev ?? false })),
  );
}

/** Node's lookup: beside the parent, then one level up at a time. @param {Lock} lock @param {string} place @param {string} name */
function isLocked(lock, place, name) {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[at ? `${at}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

/** @param {string} place */
const nameOf = (place) => place.replace(/^.*node_modules\//, '') || 'the project';

/** @param {string} url */
function hostOf(url) {
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}
