import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { METRICS } from '@fraud/platform';
import { afterEach, expect, it } from 'vitest';

const MB = 2 ** 20;
let server: Server;
afterEach(() => {
  server.close();
});

/** Answers /metrics with so many bytes that wait, one after the other; the last one for good. */
async function waiting(...bytes: number[]): Promise<{ port: number; asked: () => number }> {
  let asked = 0;
  server = createServer((_, response) => {
    const now = bytes[Math.min(asked, bytes.length - 1)]!;
    asked += 1;
    response.end(
      `# TYPE ${METRICS.spoolBytes.name} gauge\n${METRICS.spoolBytes.name}{app="api"} ${now}\nother 9\n`,
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: (server.address() as AddressInfo).port, asked: () => asked };
}

const preStop = (port: number, least: number, most: number): Promise<unknown> =>
  promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'base/pre-stop.mjs'),
    ...[port, least, most].map(String),
  ]);

it('ends when the database has what was in the spool, and not before', async () => {
  const { port, asked } = await waiting(5 * MB, 2 * MB, 100);
  await preStop(port, 0, 60);
  expect(asked()).toBe(3);
});

it('waits no longer than it may for a database that is away', async () => {
  const { port, asked } = await waiting(5 * MB);
  await preStop(port, 0, 2);
  expect(asked()).toBeGreaterThan(1);
});

it('does not wait for a spool where nothing waits, but as long as load balancers need', async () => {
  const { port, asked } = await waiting(0);
  const began = performance.now();
  await preStop(port, 1, 60);
  expect(asked()).toBe(1);
  expect(performance.now() - began).toBeGreaterThanOrEqual(990);
});

it('does not hold up a pod whose program does not answer any more', async () => {
  const { port } = await waiting(0);
  await new Promise((resolve) => server.close(resolve));
  await expect(preStop(port, 0, 60)).resolves.toBeDefined();
});
