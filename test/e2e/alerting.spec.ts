import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { startServices } from '../../scripts/lib/services/for-tests.mjs';
import { startAlertmanager } from '../support/alertmanager.js';
import { REPOSITORY } from '../support/cli.js';
import { debianProgram, INSTALL_MS } from '../support/debian-program.js';
import { startApi } from '../support/product-process.js';
import { startPrometheus } from '../support/prometheus.js';
import { until } from '../support/until.js';

const deployed = (file: string): string => path.join(REPOSITORY, 'deploy', file);

beforeAll(async () => {
  await debianProgram('prometheus');
  await debianProgram('prometheus-alertmanager');
}, INSTALL_MS);

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

it('tells whoever is on call that Redis is gone, and that it is back', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'alerting-'));
  ends.push(() => rm(directory, { recursive: true, force: true }));
  const services = await startServices(['redis'], path.join(directory, 'services'), { own: true });
  ends.push(() => services.stop());
  const api = await startApi({ REDIS_URL: services.urls['redis']! });
  ends.push(() => api.stop());
  const alertmanager = await startAlertmanager(deployed('alertmanager/alertmanager.yaml'));
  ends.push(() => alertmanager.stop());
  const rules = await Promise.all(
    ['recording.yaml', 'alerts.yaml'].map((file) => readFile(deployed(`prometheus/${file}`), 'utf8')),
  );
  const target = new URL(api.url).host;
  const prometheus = await startPrometheus({ 'fraud-detection-api': [target] }, rules, alertmanager.address);
  ends.push(() => prometheus.stop());
  await until(async () => (await prometheus.query('fraud_redis_up'))[0]?.value === 1);
  const told = (): readonly object[] =>
    alertmanager.notices.filter(({ labels }) => labels['alertname'] === 'RedisDown');
  const labels = { alertname: 'RedisDown', severity: 'critical', team: 'on-call', instance: target };
  expect(told()).toEqual([]);

  const [redis] = services.nodes['redis']!;
  await redis!.kill();
  await until(() => told().length > 0);
  expect(told()[0]).toMatchObject({ receiver: 'on-call', status: 'firing', labels });

  await redis!.start();
  await until(() => told().some((notice) => (notice as { status: string }).status === 'resolved'));
  expect(told().at(-1)).toMatchObject({ receiver: 'on-call', status: 'resolved', labels });
});
