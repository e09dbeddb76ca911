import { onTestFinished } from 'vitest';
import type { Engine } from '../../scripts/lib/image/engine.mjs';

/** A container of the image, as strict as its documentation says that it may be. */
export interface Container {
  /** Runs a program beside the first one. */
  run(...command: string[]): Promise<string>;
  /** Everything it has written so far. */
  log(): Promise<string>;
  /** Waits for its end. */
  ended(): Promise<number>;
  /** Asks it to end; after ten seconds it would be killed. */
  stop(): Promise<{ code: number; ms: number }>;
}

/** With the network of this machine, where the services of the tests are; removed when the test is over. */
export async function startContainer(
  engine: Engine,
  image: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Container> {
  const id = await engine.run(
    'run',
    '--detach',
    // They would be started by systemd, which is not everywhere; tests ask for themselves.
    '--no-healthcheck',
    '--network=host',
    '--read-only',
    '--read-only-tmpfs=false',
    '--tmpfs=/tmp',
    '--cap-drop=all',
    '--security-opt=no-new-privileges',
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    image,
    ...command,
  );
  onTestFinished(async () => {
    await engine.run('rm', '--force', '--volumes', id);
  });
  const ended = async (): Promise<number> => Number(await engine.run('wait', id));
  return {
    run: (...program) => engine.run('exec', id, ...program),
    log: () => engine.run('logs', id),
    ended,
    stop: async () => {
      const startedAt = performance.now();
      await engine.run('stop', id);
      const ms = performance.now() - startedAt;
      return { code: await ended(), ms };
    },
  };
}
