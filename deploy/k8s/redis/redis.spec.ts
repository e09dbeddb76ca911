import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import {
  environment,
  find,
  TABLE,
  text,
  type Container,
  type Manifest,
  type Spec,
} from '../read-manifests.js';

const readAll = (path: string): Manifest[] =>
  parseAllDocuments(text(path), { merge: true }).map((d) => d.toJS() as Manifest);
const setOf = (kind: string): Manifest => readAll(`redis/${kind}/stateful-set.yaml`)[0]!;
const containerOf = ({ spec }: Manifest): Container => spec.template.spec.containers[0];
const jobOf = ({ spec }: Manifest): Container =>
  (spec as unknown as { jobTemplate: { spec: Spec } }).jobTemplate.spec.template.spec.containers[0];
const valueOf = ({ env }: Container, name: string): string | undefined =>
  (env as readonly { name: string; value?: string }[]).find((one) => one.name === name)?.value;
const namesOf = (nodes: number, port: string): string[] =>
  Array.from({ length: nodes }, (_, i) => `redis-${i}.redis:${port}`);

/** Of an overlay: what it takes, and what it puts in the place of that. */
function overlay(name: string) {
  const { resources, patches } = parse(text(`overlays/${name}/kustomization.yaml`)) as {
    resources: string[];
    patches: { target?: object; patch: string }[];
  };
  const whole = patches.filter(({ target }) => target === undefined);
  return { resources, patched: whole.map(({ patch }) => parse(patch) as Manifest) };
}

describe('behind sentinels', () => {
  const row = TABLE.find(({ redis }) => redis === 'sentinel');

  it('are the pods that the product asks, of which each knows all, by the name that the product knows', () => {
    expect(overlay(row!.overlay).resources).toContain('../../redis/sentinel');
    const set = setOf('sentinel');
    expect(set.spec.replicas).toBe(row!.nodes);
    const settings = environment(`overlays/${row!.overlay}/redis.env`);
    expect(settings['REDIS_SENTINELS']!.split(',')).toEqual(namesOf(row!.nodes, '26379'));
    expect(settings['REDIS_MASTER_NAME']).toBe(valueOf(containerOf(set), 'NAME'));
    expect(valueOf(containerOf(set), 'PEERS')).toBe(namesOf(row!.nodes, '6379:26379').join(' '));
  });
});

describe('as a cluster', () => {
  it.each(TABLE.filter(({ redis }) => redis === 'cluster'))(
    'of $overlay are $nodes pods, as its job and each of them know, and the product asks some of them',
    ({ overlay: name, nodes }) => {
      const { resources, patched } = overlay(name);
      expect(resources).toContain('../../redis/cluster');
      const set = patched.find(({ kind }) => kind === 'StatefulSet') ?? setOf('cluster');
      const job = patched.find(({ kind }) => kind === 'CronJob') ?? readAll('redis/cluster/job.yaml')[0]!;
      expect(set.spec.replicas).toBe(nodes);
      expect(valueOf(containerOf(set), 'NODES')).toBe(String(nodes));
      expect(valueOf(jobOf(job), 'NODES')).toBe(String(nodes));
      const asked = environment(`overlays/${name}/redis.env`)['REDIS_CLUSTER_NODES']!.split(',');
      expect(namesOf(nodes, '6379')).toEqual(expect.arrayContaining(asked));
    },
  );
});

it.each(['sentinel', 'cluster'])('%s: is reachable where the network lets it be, and confined', (kind) => {
  const set = setOf(kind);
  const { labels } = set.spec.template.metadata;
  const [service, budget] = readAll('redis/common/service.yaml');
  expect(labels).toMatchObject(set.spec.selector.matchLabels);
  expect(labels).toMatchObject(service!.spec.selector);
  expect(labels).toMatchObject(budget!.spec.selector.matchLabels);
  const policy = find('NetworkPolicy', 'redis').spec as unknown as {
    podSelector: { matchLabels: object };
    ingress: [{ ports: { port: number }[] }];
  };
  expect(labels).toMatchObject(policy.podSelector.matchLabels);
  const open = policy.ingress[0].ports.map(({ port }) => port);
  for (const { ports, securityContext } of set.spec.template.spec.containers) {
    expect(ports.filter(({ containerPort }) => !open.includes(containerPort))).toEqual([]);
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
});
