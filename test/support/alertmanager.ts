import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { debianProgram } from './debian-program.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** What a receiver was told. */
interface Notice {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
}

/** A real Alertmanager whose receivers are here. */
export interface Alertmanager {
  /** `host:port` */
  readonly address: string;
  readonly notices: readonly Notice[];
  stop(): Promise<void>;
}

interface Configuration {
  readonly global?: unknown;
  readonly route: Readonly<Record<string, unknown>>;
  readonly receivers: readonly { readonly name: string }[];
}

/**
 * Starts one with a configuration as it is deployed, but for three things: it tells this process in place of people, at once, and
 * without their mail server.
 */
export async function startAlertmanager(file: string): Promise<Alertmanager> {
  const notices: Notice[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { receiver: name, alerts } = JSON.parse(Buffer.concat(chunks).toString()) as {
        receiver: string;
        alerts: Omit<Notice, 'receiver'>[];
      };
      for (const { status, labels } of alerts) notices.push({ receiver: name, status, labels });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

  const { global: _, ...deployed } = parse(await readFile(file, 'utf8')) as Configuration;
  const directory = await mkdtemp(path.join(tmpdir(), 'alertmanager-'));
  const config = path.join(directory, 'alertmanager.yaml');
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({
      ...deployed,
      route: { ...deployed.route, group_wait: '1s', group_interval: '1s' },
      receivers: deployed.receivers.map(({ name }) => ({
        name,
        webhook_configs: [{ url, send_resolved: true }],
      })),
    }),
  );
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = spawn(
    await debianProgram('prometheus-alertmanager'),
    [
      `--config.file=${config}`,
      `--storage.path=${path.join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`alertmanager did not start:\n${said}`);
    return await fetch(`http://${address}/-/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
  });
  return {
    address,
    notices,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      receiver.close();
      receiver.closeAllConnections();
      await rm(directory, { recursive: true });
    },
  };
}
