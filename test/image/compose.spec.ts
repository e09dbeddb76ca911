import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { buildImage } from '../../scripts/lib/image/build.mjs';
import { openEngine, type Engine } from '../../scripts/lib/image/engine.mjs';
import { REPOSITORY } from '../support/cli.js';
import { startContainer, type Container } from '../support/container.js';
import { freePort } from '../support/free-port.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { emptyDatabase } from '../support/redis-database.js';
import { until } from '../support/until.js';

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const { services } = parse(readFileSync(path.join(REPOSITORY, 'compose.yaml'), 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await buildImage(engine, services['api']!.image);
}, 900_000);

it('decides the traffic of both simulators, started as compose.yaml has them', async () => {
  const database = await emptyPostgres(inject('postgresUrl'), 'image_compose');
  const [PORT, CONSUMER_PORT] = [String(await freePort()), String(await freePort())];
  // The services of the tests in place of those of the file; and of an hour, some seconds.
  const here: readonly (readonly [string, string])[] = [
    ['redis://redis:6379', await emptyDatabase(inject('redisUrl'), 63)],
    ['kafka:19092', inject('kafkaBrokers')],
    ['postgres://fraud:local-only@postgres:5432/fraud', database],
    ['http://api:8000', `http://127.0.0.1:${PORT}`],
    ['1h', '5s'],
  ];
  const local = (text: string): string => here.reduce((all, [there, one]) => all.replace(there, one), text);
  const start = ({ image, command, environment }: Service): Promise<Container> =>
    startContainer(engine, image, command.map(local), {
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, local(value)])),
      PORT,
      CONSUMER_PORT,
    });
  const ready = (port: string) =>
    until(() =>
      fetch(`http://127.0.0.1:${port}/ready`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );

  const topics = await start(services['topics']!);
  expect([await topics.ended(), await topics.log()]).toEqual([
    0,
    expect.stringContaining('transactions-dlq'),
  ]);
  const servers = [await start(services['api']!), await start(services['consumer']!)];
  await ready(PORT);
  await ready(CONSUMER_PORT);

  for (const name of ['simulator', 'simulator-kafka']) {
    const simulator = await start(services[name]!);
    expect(await simulator.ended()).toBe(0);
    const log = await simulator.log();
    // 80 a second for five seconds.
    expect(Number(/Decided (\d+) in/.exec(log)?.[1] ?? NaN)).toBeGreaterThan(350);
  }
  expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([
    { code: 0, ms: expect.any(Number) as number },
    { code: 0, ms: expect.any(Number) as number },
  ]);
});
