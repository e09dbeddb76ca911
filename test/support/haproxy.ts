import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { debianProgram } from './debian-program.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** A real HAProxy before several servers. */
export interface Haproxy {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an HAProxy that asks each server for /ready every 100 ms and sends requests to those that are. It repeats nothing and sends
 * nothing elsewhere: what a server does not answer, its client is told.
 * @param ports of the servers, which need not run yet
 */
export async function startHaproxy(ports: readonly number[]): Promise<Haproxy> {
  const program = await debianProgram('haproxy');
  const directory = await mkdtemp(path.join(tmpdir(), 'haproxy-'));
  const port = await freePort();
  const config = path.join(directory, 'haproxy.cfg');
  await writeFile(config, configOf(port, ports));
  const child = spawn(program, ['-f', config, '-db'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`haproxy did not start:\n${said}`);
    return await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ status }) => status === 200,
      () => false,
    );
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(directory, { recursive: true });
    },
  };
}

const configOf = (port: number, ports: readonly number[]): string => `
global
  maxconn 2000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 10s
  timeout http-keep-alive 30s
  retries 0
  option http-keep-alive
  option httpchk GET /ready
  http-check expect status 200
  default-server inter 100ms fall 1 rise 1
frontend in
  bind 127.0.0.1:${port}
  default_backend apis
backend apis
  balance leastconn
  http-reuse safe
${ports.map((one, i) => `  server api${i + 1} 127.0.0.1:${one} check`).join('\n')}
`;
