import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { buildImage } from '../image/build.mjs';
import { readDockerfile } from './dockerfile.mjs';

/** @typedef {(args: readonly string[]) => Promise<import('../child.mjs').Outcome>} Docker */

/** What the runbook pushes to; nobody has such a registry here. */
const PUSHED = 'registry/fraud-detection:v1.2.0';

/**
 * docker, by the engine that needs no daemon: `build` runs every stage of the Dockerfile, `push` writes what a registry would get into a directory.
 * @param {import('../image/engine.mjs').Engine} engine @param {string} state directory of the trial @returns {Docker}
 */
export function dockerByEngine(engine, state) {
  return async ([command = '', ...args]) => {
    if (command === 'build') {
      const tag = tagOf(args);
      await buildImage(engine, tag);
      // That of an earlier trial would hide that it is missing.
      await engine.try('untag', PUSHED, PUSHED);
      return {
        code: 0,
        output: `built ${tag}: ${await engine.run('image', 'inspect', '--format', '{{.Id}}', tag)}`,
      };
    }
    if (command === 'tag') return engine.try('tag', ...args);
    if (command === 'push') {
      const [name = ''] = args;
      const { code, output } = await engine.try('push', name, `dir:${path.join(state, 'pushed')}`);
      return { code, output: code === 0 ? `${name} could be pushed` : output };
    }
    throw unknown(command);
  };
}

/**
 * docker, where nothing can be built: what the commands name must be there.
 * @param {string} state directory of the trial @returns {Docker}
 */
export function dockerOnPaper(state) {
  const file = path.join(state, 'images');
  const known = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
  const remember = (/** @type {string} */ name) => appendFileSync(file, `${name}\n`);
  const missing = (/** @type {string} */ name) => ({
    code: 1,
    output: `Error: no image of the name ${name}`,
  });
  return async ([command = '', ...args]) => {
    const [first = '', second = ''] = args;
    if (command === 'build') {
      const tag = tagOf(args);
      const context = args.at(-1) ?? '';
      const { stages, problems } = readDockerfile(
        readFileSync(path.join(context, 'Dockerfile'), 'utf8'),
        (source) => existsSync(path.join(context, source)),
      );
      if (problems.length > 0) return { code: 1, output: problems.join('\n') };
      remember(tag);
      return {
        code: 0,
        output: `${tag}: a Dockerfile of ${stages.length} stages, all that they copy is there`,
      };
    }
    if (command === 'tag') {
      if (!known().includes(first)) return missing(first);
      remember(second);
      return { code: 0, output: '' };
    }
    if (command === 'push')
      return known().includes(first)
        ? { code: 0, output: `${first} is the name of an image` }
        : missing(first);
    throw unknown(command);
  };
}

/** @param {readonly string[]} args of build */
function tagOf(args) {
  const tag = args[args.indexOf('-t') + 1];
  if (args.includes('-t') && tag) return tag;
  throw new Failure('no tag was given', 'docker build -t NAME .', { exitCode: 2 });
}

/** @param {string} command */
const unknown = (command) =>
  new Failure(`docker ${command} is not played here`, 'see scripts/lib/runbook/docker-played.mjs', {
    exitCode: 2,
  });
