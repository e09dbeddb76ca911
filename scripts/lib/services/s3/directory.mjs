import path from 'node:path';
import { inRoot } from '../../paths.mjs';

/** The Python environment of the service. */
export const s3Directory = inRoot('.cache/s3-venv');

/** Where `aws` is once the service was started. */
export const s3Binaries = path.join(s3Directory, 'bin');
