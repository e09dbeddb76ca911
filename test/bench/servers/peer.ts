import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { pythonEnvironment } from '../../../scripts/lib/python-environment.mjs';
import { launchServer, type Server } from './server.js';

const ADAPTER = fileURLToPath(new URL('../peers', import.meta.url));
const REQUIREMENTS = join(ADAPTER, 'requirements.txt');

const UVICORN = [
  ['--app-dir', ADAPTER],
  ['--host', '127.0.0.1'],
  ['--workers', '1'],
  ['--loop', 'uvloop'],
  ['--http', 'httptools'],
  ['--no-access-log'],
].flat();

/** The FastAPI peer, ready to be started. */
export interface Peer {
  /** Directory of its files. */
  readonly files: string;
  /** Interpreter of its environment. */
  readonly python: string;
  /** What it runs on. */
  readonly versions: string;
}

/** Finds its files and prepares its Python. @throws where they are not there */
export async function preparePeer(): Promise<Peer> {
  const shared = resolve(process.env['FRAUD_SHARED_PEERS'] ?? inRoot('../shared/peers'));
  const files = join(shared, 'fastapi');
  if (!existsSync(join(files, 'peer_fastapi.py'))) {
    throw new Error(
      `the FastAPI peer is not in ${files}: let FRAUD_SHARED_PEERS name the directory of peers, or leave out --peers`,
    );
  }
  const python = await pythonEnvironment(inRoot('.cache/peers-venv'), REQUIREMENTS, undefined, 'about 30 MB');
  const version = execFileSync(python, ['-c', 'import platform; print(platform.python_version())'], {
    encoding: 'utf8',
  }).trim();
  return {
    files,
    python,
    versions: [`Python ${version}`, ...pinned('fastapi', 'uvicorn', 'onnxruntime')].join(', '),
  };
}

/** The peer in the best settings known, with one worker, scoring with the model that this project ships. */
export function startPeer({ files, python }: Peer, redisUrl: string, directory: string): Promise<Server> {
  return launchServer(
    {
      command: python,
      args: (port) => ['-m', 'uvicorn', ...UVICORN, '--port', String(port), 'shared_model:app'],
      env: () => ({
        PEER: files,
        MODEL: inRoot('models/model.onnx'),
        REDIS_URL: redisUrl,
        RAW: '1',
        VEL: 'packed',
        OMP_NUM_THREADS: '1',
        // Nothing may be written beside its files.
        PYTHONDONTWRITEBYTECODE: '1',
      }),
      readyPath: '/health',
      probed: false,
    },
    directory,
  );
}

function pinned(...names: readonly string[]): string[] {
  const pins = readFileSync(REQUIREMENTS, 'utf8');
  return names.map((name) => `${name} ${new RegExp(`^${name}==(.*)$`, 'm').exec(pins)?.[1] ?? 'unknown'}`);
}
