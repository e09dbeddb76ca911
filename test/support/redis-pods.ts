import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from './cli.js';
import { debianProgram } from './debian-program.js';
import { freePort } from './free-port.js';

const SCRIPTS = path.join(REPOSITORY, 'deploy/k8s/redis');
const run = promisify(execFile);
/** Nothing here takes longer. */
const ANSWER_MS = 5_000;
const SCRIPT_MS = 120_000;

/** What the manifests start in one pod, by its very scripts: other addresses, and nothing else. */
export class RedisPod {
  private readonly containers = new Map<string, ChildProcess>();

  constructor(
    private readonly scripts: string,
    /** Those of the manifest. */
    private readonly env: Readonly<Record<string, string>>,
    readonly port: number,
    readonly sentinelPort: number,
  ) {}

  /** @param script redis.sh or sentinel.sh: the command of a container @param more what an apply has changed since */
  start(script: string, more: Readonly<Record<string, string>> = {}): void {
    const env = { ...this.env, ...more };
    const child = spawn('sh', [path.join(this.scripts, script)], { env, stdio: 'ignore' });
    this.containers.set(script, child);
  }

  /** Ends a container as a kubelet does, or as a crash does. */
  async end(script: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.containers.get(script);
    if (child === undefined) return;
    this.containers.delete(script);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async endAll(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await Promise.all([...this.containers.keys()].map((script) => this.end(script, signal)));
  }

  /** Runs a script to its end, such as a hook; rejects where that fails. */
  async exec(script: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const env = { ...this.env, ...more };
    return (await run('sh', [path.join(this.scripts, script)], { env, timeout: SCRIPT_MS })).stdout;
  }

  /** Runs a script as a job, which can be killed with all that it has started. */
  job(script: string, more: Readonly<Record<string, string>> = {}): RedisJob {
    const env = { ...this.env, ...more };
    const child = spawn('sh', [path.join(this.scripts, script)], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    const ended = once(child, 'close');
    return {
      said: () => said,
      ended: ended.then(([code]) => code === 0),
      kill: async () => {
        if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
        await ended;
      },
    };
  }

  /** Empty where nobody answers. */
  ask(...words: readonly string[]): Promise<string> {
    return this.askAt(this.port, this.env['REDIS_PASSWORD'], words);
  }

  /** The same of its sentinel. */
  askSentinel(...words: readonly string[]): Promise<string> {
    return this.askAt(this.sentinelPort, this.env['REDIS_SENTINEL_PASSWORD'], ['sentinel', ...words]);
  }

  private async askAt(port: number, password: string | undefined, words: readonly string[]): Promise<string> {
    const env = { ...this.env, REDISCLI_AUTH: password ?? '' };
    const asked = run('redis-cli', ['-p', String(port), ...words], { env, timeout: ANSWER_MS });
    return await asked.then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  }

  /** Whether a kubelet would send traffic to it. */
  isReady(): Promise<boolean> {
    return this.exec('../common/ready.sh').then(
      () => true,
      () => false,
    );
  }

  async role(): Promise<string> {
    return (await this.ask('role')).split('\n')[0]!;
  }
}

export interface RedisJob {
  said(): string;
  /** Whether it came to its end, and that well. */
  readonly ended: Promise<boolean>;
  kill(): Promise<void>;
}

export interface RedisPods {
  readonly pods: readonly RedisPod[];
  stop(): Promise<void>;
}

/**
 * Pods that know each other, none of which runs yet.
 * @param more what else the manifest sets
 */
export async function redisPods(
  kind: 'sentinel' | 'cluster',
  count: number,
  more: Readonly<Record<string, string>> = {},
): Promise<RedisPods> {
  await debianProgram('redis-server');
  const directory = await mkdtemp(path.join(tmpdir(), 'redis-pods-'));
  const places = await freePlaces(count);
  const self = ({ port, sentinelPort }: (typeof places)[number]): string =>
    kind === 'sentinel' ? `127.0.0.1:${port}:${sentinelPort}` : `127.0.0.1:${port}`;
  const pods: RedisPod[] = [];
  for (const [i, place] of places.entries()) {
    const of = (name: string): string => path.join(directory, `redis-${i}`, name);
    await mkdir(of('data'), { recursive: true });
    await mkdir(of('run'));
    const env = {
      PATH: process.env['PATH']!,
      SELF: self(place),
      PEERS: places.map(self).join(' '),
      PORT: String(place.port),
      DATA: of('data'),
      CONFIG: of('run'),
      COMMON: path.join(SCRIPTS, 'common/redis.conf'),
      MEMORY_LIMIT: String(2 ** 28),
      ...(more['REDIS_PASSWORD'] !== undefined && { REDISCLI_AUTH: more['REDIS_PASSWORD'] }),
      ...more,
    };
    pods.push(new RedisPod(path.join(SCRIPTS, kind), env, place.port, place.sentinelPort));
  }
  return {
    pods,
    stop: async () => {
      await Promise.all(pods.map((pod) => pod.endAll('SIGKILL')));
      await rm(directory, { recursive: true });
    },
  };
}

/** Ports of all pods, none of which is another's, or where another one's bus is: 10,000 above its port. */
async function freePlaces(count: number): Promise<{ port: number; sentinelPort: number }[]> {
  const ports: number[] = [];
  while (ports.length < 2 * count) {
    const port = await freePort();
    const taken = ports.some((other) => [0, 10_000, -10_000].includes(other - port));
    if (!taken && port < 55_000 && (await isFree(port + 10_000))) ports.push(port);
  }
  return Array.from({ length: count }, (_, i) => ({ port: ports[2 * i]!, sentinelPort: ports[2 * i + 1]! }));
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });

/** What the manifests set of a container, where that is a plain value. */
export async function redisEnv(kind: 'sentinel' | 'cluster', ...names: readonly string[]) {
  const manifest = await readFile(path.join(SCRIPTS, kind, 'stateful-set.yaml'), 'utf8');
  return Object.fromEntries(
    names.map((name) => [name, new RegExp(`- name: ${name}\n +value: '?([^'\n]+)`).exec(manifest)![1]!]),
  );
}
