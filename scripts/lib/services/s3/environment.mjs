import { fileURLToPath } from 'node:url';
import { describeFailure } from '../../failure.mjs';
import { withLock } from '../../lock.mjs';
import { inRoot } from '../../paths.mjs';
import { preparedEnvironment, pythonEnvironment } from '../../python-environment.mjs';
import { s3Directory } from './directory.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The S3 server of moto, in a Python environment of its own. @type {import('../registry.mjs').Installation} */
export const motoServer = {
  missing: 'no moto in .cache/s3-venv',
  advice: 'install Python 3.11 or newer with venv (sudo apt-get install python3-venv)',
  find: async () => {
    const program = await preparedEnvironment(s3Directory, REQUIREMENTS, undefined);
    return program ? { program, arguments: ['-m', 'moto.server'] } : undefined;
  },
  // One at a time in this repository; the second finds what the first has brought.
  install: () =>
    withLock(inRoot('.cache/s3-venv.lock'), () =>
      pythonEnvironment(s3Directory, REQUIREMENTS, undefined, 'about 40 MB').then(
        () => undefined,
        describeFailure,
      ),
    ),
};
