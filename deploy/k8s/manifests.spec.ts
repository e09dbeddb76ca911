import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConsumerConfig, loadConfig, SETTINGS } from '@fraud/platform';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { base, environment, find, TABLE, text } from './read-manifests.js';

const overlays = readdirSync(join(import.meta.dirname, 'overlays'));
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
    expect(settings['RULES_FILE']).toBe('/etc/fraud-rules/rules.yaml');
    expect(paths).toEqual(expect.arrayContaining(['/etc/fraud-detection', '/etc/fraud-rules']));
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
    // To its schema these are any names; the scaler passes over what it does not read, and would scale by its own threshold of 10.
    const read = ['lagThreshold', 'offsetResetPolicy', 'bootstrapServersFromEnv', 'consumerGroup', 'topic'];
    expect(Object.keys(spec.triggers[0]!.metadata).toSorted()).toEqual(read.toSorted());
  });
});
