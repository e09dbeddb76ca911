import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { aptInstall, whyNoApt } from '../apt.mjs';
import { findProgram } from '../program.mjs';

const DEBIAN = '/usr/lib/postgresql';
const PACKAGE = 'postgresql';
/** Read by the package before it makes a cluster of its own, which nobody here wants. */
const CHOICES = '/etc/postgresql-common/createcluster.d';

/**
 * Postgres with `initdb` beside it: on the PATH, where Debian keeps its versions (the latest), or from its package.
 * @type {import('../registry.mjs').Installation}
 */
export const postgresServer = {
  missing: `no postgres on the PATH and none in ${DEBIAN}`,
  advice: `sudo apt-get install ${PACKAGE}`,
  find: async () => {
    const program = findProgram(
      'postgres',
      [process.env.PATH ?? '', ...debianVersions()].join(path.delimiter),
    );
    // A link leads to where the other programs are.
    return program ? { program: realpathSync(program), arguments: [] } : undefined;
  },
  install: async () => whyNoApt() ?? (await withoutCluster(() => aptInstall(PACKAGE))),
};

/** Directories of programs, the latest version first. */
function debianVersions() {
  try {
    const versions = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
    return versions.map((version) => path.join(DEBIAN, version, 'bin'));
  } catch {
    return [];
  }
}

/**
 * @template T
 * @param {() => Promise<T>} work
 */
async function withoutCluster(work) {
  const file = path.join(CHOICES, 'no-main-cluster.conf');
  mkdirSync(CHOICES, { recursive: true });
  writeFileSync(file, 'create_main_cluster = false\n');
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
