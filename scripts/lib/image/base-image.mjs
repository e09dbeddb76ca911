import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChild } from '../child.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { productNode } from '../product-node.mjs';
import { withProgress } from '../progress.mjs';
import { findProgram } from '../services/program.mjs';

/** In the stand-in: whom this machine trusts besides, such as a proxy before its registry of packages. */
export const AUTHORITIES = '/etc/ssl/authorities.pem';

/** The base image that the Dockerfile names. */
function baseOf(dockerfile = readFileSync(inRoot('Dockerfile'), 'utf8')) {
  const version = /^ARG NODE_VERSION=(\S+)$/m.exec(dockerfile)?.[1];
  const suite = /^FROM node:\$\{NODE_VERSION\}-(\w+)-slim/m.exec(dockerfile)?.[1];
  if (!version || !suite) throw new Failure('the Dockerfile names no base image', 'mend its first lines');
  return { version, suite, name: `docker.io/library/node:${version}-${suite}-slim` };
}

/**
 * Makes a stand-in for the official image of Node, for machines that reach no registry of images: the same Debian in its
 * smallest form, with the Node that comes with the dependencies, npm, and the user `node`.
 * @param {import('./engine.mjs').Engine} engine
 */
export async function ensureBase(engine) {
  const { suite, name } = baseOf();
  if ((await engine.try('image', 'exists', name)).code === 0) return;
  const root = mkdtempSync(path.join(tmpdir(), 'base-image-'));
  try {
    await withProgress(`Making a stand-in for ${name}`, async () => {
      // The official image keeps what Node is linked to.
      await must('debootstrap', '--variant=minbase', '--include=libatomic1', suite, root);
      await addNode(root);
      for (const litter of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man'])
        rmSync(path.join(root, litter), { recursive: true, force: true });
      const archive = `${root}.tar`;
      try {
        await must('tar', '-C', root, '-cf', archive, '.');
        await engine.run('import', archive, name);
      } finally {
        rmSync(archive, { force: true });
      }
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @param {string} root of a file system */
async function addNode(root) {
  const inside = (/** @type {string[]} */ ...parts) => path.join(root, 'usr/local', ...parts);
  cpSync(productNode(), inside('bin/node'));
  const npm = findProgram('npm');
  if (!npm) throw new Failure('npm was not found on the PATH', 'install Node together with npm');
  mkdirSync(inside('lib/node_modules'), { recursive: true });
  // …/npm/bin/npm-cli.js
  const source = path.resolve(realpathSync(npm), '../..');
  cpSync(source, inside('lib/node_modules/npm'), { recursive: true, dereference: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', inside('bin/npm'));
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  if (authorities) cpSync(authorities, path.join(root, AUTHORITIES), { dereference: true });
  appendFileSync(path.join(root, 'etc/passwd'), 'node:x:1000:1000::/home/node:/bin/bash\n');
  appendFileSync(path.join(root, 'etc/group'), 'node:x:1000:\n');
}

/** @param {string} command @param {...string} args */
async function must(command, ...args) {
  const { code, output } = await runChild(command, args);
  if (code !== 0)
    throw new Failure(`${command} failed`, 'mend what it names', { detail: output.slice(-4000) });
}
