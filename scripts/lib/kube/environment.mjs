import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../paths.mjs';
import { pythonEnvironment } from '../python-environment.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** @returns {Promise<{ python: string, kubectl: string }>} what renders and validates manifests, without a cluster */
export async function manifestTools() {
  const python = await pythonEnvironment(inRoot('.cache/kube-venv'), REQUIREMENTS, undefined, 'about 45 MB');
  return { python, kubectl: path.join(path.dirname(python), 'kubectl') };
}
