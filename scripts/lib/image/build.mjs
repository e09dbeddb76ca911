import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChild } from '../child.mjs';
import { npmCommand } from '../npm.mjs';
import { root } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { AUTHORITIES, ensureBase } from './base-image.mjs';

/**
 * Runs every stage of the Dockerfile, as `docker build -t TAG .` does.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} tag
 * @param {readonly string[]} [more] arguments of the build
 */
export async function buildImage(engine, tag, more = []) {
  await ensureBase(engine);
  const directory = mkdtempSync(path.join(tmpdir(), 'image-'));
  try {
    const npmrc = path.join(directory, 'npmrc');
    writeFileSync(npmrc, await registry());
    // The format of Docker: that of OCI has no health checks.
    const args = [
      '--format',
      'docker',
      '--isolation',
      'chroot',
      '--network',
      'host',
      '--pull=never',
      '--secret',
      `id=npmrc,src=${npmrc}`,
    ];
    await withProgress(`Building ${tag}`, () => engine.run('build', ...args, ...more, '-t', tag, root));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The registry of this machine and whom it is trusted by, and nothing else of what npm is told here. */
async function registry() {
  const authorities = process.env.NODE_EXTRA_CA_CERTS ? [`cafile=${AUTHORITIES}`] : [];
  return [`registry=${await npmSetting('registry')}`, ...authorities, ''].join('\n');
}

/** @param {string} name */
async function npmSetting(name) {
  const npm = npmCommand();
  const { output } = await runChild(npm.command, [...npm.args, 'config', 'get', name], { env: npm.env });
  return output.trim();
}
