import { spawn, type ChildProcess } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { writeNodesFile } from '../../scripts/lib/services/redis/cluster.mjs';
import { writeSentinelFile } from '../../scripts/lib/services/redis/sentinel.mjs';
import { freePort } from './free-port.js';

const USER = 'fraud';
const PASSWORD = 'a secret, with blanks';

/** Redis that speaks TLS alone, and to nobody without a password. */
export interface SecuredRedis {
  /** Settings with which it can be reached. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

interface Place {
  readonly node: number;
  readonly ports: [number, number];
  readonly data: string;
  readonly log: string;
}

/** Processes of one Redis, their certificates and their directory. */
class Secured {
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'fraud-tls-'));
  private readonly processes: ChildProcess[] = [];
  private readonly tls: string[];
  readonly authority = this.file('authority.crt');

  private constructor(certificate: { cert: string; private: string }) {
    const key = this.file('server.key');
    writeFileSync(this.authority, certificate.cert);
    writeFileSync(key, certificate.private);
    const files = [
      '--tls-cert-file',
      this.authority,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      this.authority,
    ];
    this.tls = ['--port', '0', ...files, '--tls-auth-clients', 'no', '--tls-replication', 'yes'];
  }

  /** Its own authority: what is trusted is this certificate, and nothing that the system knows. */
  static async create(): Promise<Secured> {
    const altNames = [{ type: 7 as const, ip: '127.0.0.1' }];
    const certificate = await generate([{ name: 'commonName', value: 'redis' }], {
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames },
      ],
    });
    return new Secured(certificate);
  }

  private file(name: string): string {
    return path.join(this.directory, name);
  }

  async places(count: number): Promise<Place[]> {
    const places: Place[] = [];
    for (let node = 1; node <= count; node++) {
      const data = this.file(String(node));
      mkdirSync(data);
      places.push({ node, ports: [await freePort(), await freePort()], data, log: `${data}.log` });
    }
    return places;
  }

  /** Starts a server, or a sentinel; resolves when it says that it is there. */
  async start({ ports: [port], data }: Place, ...options: string[]): Promise<void> {
    const [first = '', ...rest] = options;
    const own = first.endsWith('.conf') ? [first] : [];
    const more = own.length > 0 ? rest : options;
    const common = ['--tls-port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', ''];
    const child = spawn('redis-server', [...own, ...common, ...this.tls, ...more]);
    this.processes.push(child);
    let output = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      output += String(chunk);
      if (/Ready to accept connections|Sentinel ID is/.test(output)) break;
    }
    child.stdout.resume();
    if (child.exitCode !== null) throw new Error(`redis-server did not start:\n${output}`);
  }

  /** Only one user may do anything, and only with the password. */
  users(): string[] {
    const file = this.file('users.acl');
    const digest = hash('sha256', PASSWORD);
    writeFileSync(file, `user default off\nuser ${USER} on #${digest} ~* &* +@all\n`);
    return ['--aclfile', file, '--masteruser', USER, '--masterauth', PASSWORD];
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.processes.map(async (child) => {
        if (child.exitCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** @param topology one server; a primary, a replica and three sentinels; or three primaries with a replica each */
export async function startSecured(topology: 'single' | 'sentinel' | 'cluster'): Promise<SecuredRedis> {
  const redis = await Secured.create();
  const access = { REDIS_USERNAME: USER, REDIS_PASSWORD: PASSWORD, REDIS_TLS_CA_FILE: redis.authority };
  const stop = (): Promise<void> => redis.stop();
  const list = (some: readonly Place[]): string => some.map((p) => `127.0.0.1:${p.ports[0]}`).join(',');
  const users = redis.users();
  if (topology === 'single') {
    const [place] = (await redis.places(1)) as [Place];
    await redis.start(place, ...users);
    return { env: { ...access, REDIS_URL: `rediss://${list([place])}` }, stop };
  }
  if (topology === 'sentinel') {
    const places = await redis.places(5);
    const [primary, replica, ...sentinels] = places as [Place, Place, ...Place[]];
    await redis.start(primary, ...users);
    await redis.start(replica, ...users, '--replicaof', '127.0.0.1', String(primary.ports[0]));
    for (const place of sentinels) {
      const file = writeSentinelFile(place, places);
      const auth = [`sentinel auth-user mymaster ${USER}`, `sentinel auth-pass mymaster "${PASSWORD}"`];
      appendFileSync(file, `${auth.join('\n')}\n`);
      await redis.start(place, file, '--sentinel', '--requirepass', PASSWORD);
    }
    return {
      env: {
        ...access,
        REDIS_TLS: 'true',
        REDIS_SENTINELS: list(sentinels),
        REDIS_SENTINEL_PASSWORD: PASSWORD,
      },
      stop,
    };
  }
  const places = await redis.places(6);
  for (const place of places) {
    writeNodesFile(place, places);
    const clustered = [
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(place.ports[1]),
      '--tls-cluster',
      'yes',
    ];
    await redis.start(place, ...users, ...clustered);
  }
  return { env: { ...access, REDIS_TLS: 'true', REDIS_CLUSTER_NODES: list(places.slice(0, 3)) }, stop };
}
