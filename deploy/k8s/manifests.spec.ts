import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConsumerConfig, loadConfig, SETTINGS } from '@fraud/platform';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: Spec;
}
interface Spec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  readonly [more: string]: unknown;
}
interface PodSpec {
  readonly containers: readonly [Container];
  readonly volumes?: readonly { readonly name: string }[];
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly {
    readonly name: string;
    readonly valueFrom: {
      readonly secretKeyRef?: { readonly name: string; readonly key: string };
      readonly configMapKeyRef?: { readonly name: string; readonly key: string };
    };
  }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext: object;
}

const here = import.meta.dirname;
const text = (path: string): string => readFileSync(join(here, path), 'utf8');
const base: readonly Manifest[] = readdirSync(join(here, 'base'))
  .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
  .flatMap((file) => parseAllDocuments(text(`base/${file}`)).map((d) => d.toJS() as Manifest));
const find = (kind: string, name: string): Manifest =>
  base.find((m) => m.kind === kind && m.metadata.name === name)!;
const environment = (path: string): Record<string, string> =>
  Object.fromEntries(
    text(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

const overlays = readdirSync(join(here, 'overlays'));
const APPS = [
  { app: 'api', deployment: 'fraud-detection', container: 'api', port: 'PORT' },
  { app: 'consumer', deployment: 'fraud-consumer', container: 'consumer', port: 'CONSUMER_PORT' },
] as const;

describe.each(APPS)('the Deployment of the $app', ({ app, deployment, container, port }) => {
  const { spec } = find('Deployment', deployment);
  const pod = spec.template.spec;
  const [only] = pod.containers;

  it('has one container, in which the image runs its own program', () => {
    expect(pod.containers).toHaveLength(1);
    expect(only).toMatchObject({ name: container, args: [app] });
    expect(only.command).toBeUndefined();
  });

  it('listens, and is asked, where the product does by default', () => {
    expect(only.ports).toEqual([{ name: 'http', containerPort: SETTINGS[port].default }]);
    const probes = [only.startupProbe, only.livenessProbe, only.readinessProbe];
    expect(probes.map(({ httpGet }) => httpGet)).toEqual([
      { path: '/health', port: 'http' },
      { path: '/health', port: 'http' },
      { path: '/ready', port: 'http' },
    ]);
    expect(only.lifecycle.preStop.exec.command[2]).toBe(String(SETTINGS[port].default));
  });

  it('sets nothing that the product does not know, and secrets by reference alone', () => {
    // Of the AWS client itself.
    const known = new Set([...Object.keys(SETTINGS), 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
    expect(only.env.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
    const secret = only.env.filter(({ name }) => /PASSWORD|TOKEN|KEY|DATABASE_URL|USERNAME/.test(name));
    expect(secret.map(({ valueFrom }) => valueFrom.secretKeyRef?.name)).toEqual(
      secret.map(() => 'fraud-detection'),
    );
  });

  it('takes the version of the model from the ConfigMap that the runbook makes, and from nowhere else', () => {
    const version = only.env.find(({ name }) => name === 'MODEL_VERSION');
    expect(version?.valueFrom).toEqual({
      configMapKeyRef: { name: 'model-config', key: 'MODEL_VERSION' },
    });
    // An apply would set back what the runbook's command has set.
    expect(base.filter(({ metadata }) => metadata.name === 'model-config')).toEqual([]);
  });

  it('writes to volumes alone, under a system that is read-only, as nobody in particular', () => {
    expect(only.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const mounted = only.volumeMounts.map(({ name }) => name).toSorted();
    expect(mounted).toEqual(pod.volumes!.map(({ name }) => name).toSorted());
    const settings = environment('base/settings.env');
    const paths = only.volumeMounts.map(({ mountPath }) => mountPath);
    expect(paths).toContain(settings['DATA_DIR']);
    expect(paths).toContain(settings['MODEL_CACHE_DIR']);
    expect(settings['POLICY_FILE']).toBe('/etc/fraud-detection/policy.yaml');
    expect(paths).toContain('/etc/fraud-detection');
  });

  it('has time for its hook, its drain and its end before it is killed', () => {
    const hookSeconds = Number(only.lifecycle.preStop.exec.command.at(-1));
    const drainSeconds = Number(environment('base/settings.env')['DRAIN_MS']) / 1000;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(hookSeconds + drainSeconds + 5);
  });

  it('is what its Service, its budget and its own selector name', () => {
    const { labels } = spec.template.metadata;
    expect(labels).toMatchObject(spec.selector.matchLabels);
    expect(labels).toMatchObject(find('PodDisruptionBudget', deployment).spec.selector.matchLabels);
    expect(labels).toMatchObject(find('Service', deployment).spec.selector);
    expect(find('Service', deployment).spec['ports']).toEqual([
      { name: 'http', port: SETTINGS[port].default, targetPort: 'http' },
    ]);
  });
});

describe('the autoscaler', () => {
  const { spec } = find('HorizontalPodAutoscaler', 'fraud-detection');

  it("is the runbook's: 3 to 20 pods, 70 % of the CPU and 80 % of the memory", () => {
    expect(spec).toMatchObject({ minReplicas: 3, maxReplicas: 20 });
    const utilization = (name: string, averageUtilization: number): object => ({
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization } },
    });
    expect(spec['metrics']).toEqual([utilization('cpu', 70), utilization('memory', 80)]);
  });

  it('is the only one that says how many pods there are', () => {
    expect(spec['scaleTargetRef']).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'fraud-detection',
    });
    expect(find('Deployment', 'fraud-detection').spec.replicas).toBeUndefined();
  });
});

/** The runbook's table; `nodes` are pods of Redis. */
const TABLE = [
  { overlay: 'tps-5000', pods: 3, most: 20, partitions: 6, redis: 'sentinel', nodes: 3 },
  { overlay: 'tps-20000', pods: 5, most: 20, partitions: 12, redis: 'cluster', nodes: 2 * 3 },
  { overlay: 'tps-50000', pods: 10, most: 20, partitions: 24, redis: 'cluster', nodes: 2 * 6 },
  { overlay: 'tps-100000', pods: 20, most: 60, partitions: 48, redis: 'cluster', nodes: 2 * 9 },
];

describe('the overlays', () => {
  it('are the rows of the scaling table', () => {
    expect(overlays.toSorted()).toEqual(TABLE.map(({ overlay }) => overlay).toSorted());
  });

  it.each(TABLE)('$overlay has $pods pods, $partitions partitions and no more consumers', (row) => {
    const { patches } = parse(text(`overlays/${row.overlay}/kustomization.yaml`)) as {
      patches: { target?: { kind: string }; patch: string }[];
    };
    const of = (kind: string): Record<string, unknown> => {
      const operations = parse(patches.find(({ target }) => target?.kind === kind)!.patch) as {
        path: string;
        value: unknown;
      }[];
      return Object.fromEntries(operations.map(({ path, value }) => [path, value]));
    };
    const scaler = of('HorizontalPodAutoscaler');
    expect(scaler['/spec/minReplicas']).toBe(row.pods);
    expect(scaler['/spec/maxReplicas'] ?? 20).toBe(row.most);
    const args = of('CronJob')['/spec/jobTemplate/spec/template/spec/containers/0/args'];
    expect(args).toEqual(['topics', '--partitions', String(row.partitions)]);
    expect(of('Deployment')['/spec/replicas']).toBeLessThanOrEqual(row.partitions);
  });

  it.each(overlays)('%s starts both programs with what it sets', (overlay) => {
    const set = { ...environment('base/settings.env'), ...environment(`overlays/${overlay}/redis.env`) };
    expect(Object.keys(set).filter((name) => !(name in SETTINGS))).toEqual([]);
    const secret = { DATABASE_URL: 'postgres://u:p@db/records', PSEUDONYM_KEY: 'k'.repeat(32) };
    const env = { ...set, ...secret, MODEL_VERSION: 'v1.2.0', ADMIN_TOKEN: 't'.repeat(32) };
    expect(loadConfig(env)).toMatchObject({ MODEL_URI: 's3://fraud-models', MODEL_VERSION: 'v1.2.0' });
    expect(loadConsumerConfig(env).DATA_DIR).toBe('/var/lib/fraud-detection');
  });
});

describe('the Redis', () => {
  const nodesOf = (manifest: Manifest, container: Container): (string | undefined)[] => [
    String(manifest.spec.replicas),
    valueOf(container, 'NODES'),
  ];
  const valueOf = ({ env }: Container, name: string): string | undefined =>
    (env as readonly { name: string; value?: string }[]).find((one) => one.name === name)?.value;
  const readAll = (path: string): Manifest[] =>
    parseAllDocuments(text(path), { merge: true }).map((d) => d.toJS() as Manifest);
  const containerOf = (manifest: Manifest): Container => manifest.spec.template.spec.containers[0];
  const jobOf = ({ spec }: Manifest): Container =>
    (spec as unknown as { jobTemplate: { spec: Spec } }).jobTemplate.spec.template.spec.containers[0];

  it.each(TABLE)('of $overlay is of $nodes pods, and the product asks some of them', (row) => {
    const { resources, patches } = parse(text(`overlays/${row.overlay}/kustomization.yaml`)) as {
      resources: string[];
      patches: { target?: object; patch: string }[];
    };
    expect(resources).toContain(`../../redis/${row.redis}`);
    const [set] = readAll(`redis/${row.redis}/stateful-set.yaml`);
    const patched = patches
      .filter(({ target }) => target === undefined)
      .map(({ patch }) => parse(patch) as Manifest);
    const inForce = (kind: string): Manifest | undefined => patched.find((patch) => patch.kind === kind);
    const count = inForce('StatefulSet') ?? set!;
    expect(count.spec.replicas).toBe(row.nodes);
    const settings = environment(`overlays/${row.overlay}/redis.env`);
    const asked = (settings['REDIS_SENTINELS'] ?? settings['REDIS_CLUSTER_NODES'])!.split(',');
    const port = row.redis === 'sentinel' ? '26379' : '6379';
    const names = Array.from({ length: row.nodes }, (_, i) => `redis-${i}.redis:${port}`);
    expect(asked.filter((one) => !names.includes(one))).toEqual([]);
    if (row.redis === 'sentinel') {
      expect(settings['REDIS_MASTER_NAME']).toBe(valueOf(containerOf(set!), 'NAME'));
      expect(valueOf(containerOf(set!), 'PEERS')).toBe(
        names.map((name) => name.replace(':', ':6379:')).join(' '),
      );
    } else {
      const [job] = readAll('redis/cluster/job.yaml');
      expect(nodesOf(count, containerOf(count))).toEqual([String(row.nodes), String(row.nodes)]);
      expect(valueOf(jobOf(inForce('CronJob') ?? job!), 'NODES')).toBe(String(row.nodes));
    }
  });

  it.each(['sentinel', 'cluster'])('%s is reachable where the network lets it be, and confined', (kind) => {
    const [set] = readAll(`redis/${kind}/stateful-set.yaml`);
    const { labels } = set!.spec.template.metadata;
    const [service, budget] = readAll('redis/common/service.yaml');
    expect(labels).toMatchObject(set!.spec.selector.matchLabels);
    expect(labels).toMatchObject(service!.spec.selector);
    expect(labels).toMatchObject(budget!.spec.selector.matchLabels);
    const policy = find('NetworkPolicy', 'redis').spec as unknown as {
      podSelector: { matchLabels: object };
      ingress: [{ ports: { port: number }[] }];
    };
    expect(labels).toMatchObject(policy.podSelector.matchLabels);
    const open = policy.ingress[0].ports.map(({ port }) => port);
    for (const { ports, securityContext } of set!.spec.template.spec.containers) {
      expect(ports.filter(({ containerPort }) => !open.includes(containerPort))).toEqual([]);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });
});

describe('what operators of Prometheus and KEDA bring', () => {
  it('alerts and recording rules are those of deploy/prometheus', () => {
    const rule = parse(text('components/prometheus-operator/prometheus-rule.yaml')) as {
      spec: { groups: unknown };
    };
    const groups = ['recording', 'alerts'].flatMap(
      (file) => (parse(text(`../prometheus/${file}.yaml`)) as { groups: unknown[] }).groups,
    );
    expect(rule.spec.groups).toEqual(groups);
  });

  it('consumers follow the lag of the group and the topic that the product reads by default', () => {
    const { spec } = parse(text('components/keda/scaled-object.yaml')) as {
      spec: { triggers: { metadata: Record<string, string> }[]; scaleTargetRef: { name: string } };
    };
    expect(spec.scaleTargetRef.name).toBe('fraud-consumer');
    expect(spec.triggers[0]!.metadata).toMatchObject({
      consumerGroup: SETTINGS.KAFKA_GROUP_ID.default,
      topic: SETTINGS.TRANSACTIONS_TOPIC.default,
      bootstrapServersFromEnv: 'KAFKA_BROKERS',
    });
  });
});
