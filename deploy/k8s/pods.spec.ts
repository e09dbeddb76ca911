import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { podProblems, type ConfigMaps, type Pod } from './pod-problems.js';
import { text } from './read-manifests.js';
import { readsOf } from './shell-variables.js';

interface Template {
  readonly spec: Omit<Pod, 'claims'>;
}
interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec: { readonly template: Template } };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

const documentsIn = (path: string, change: (written: string) => string = (written) => written): Workload[] =>
  parseAllDocuments(change(text(path)), { merge: true }).map((document) => document.toJS() as Workload);

function podOf({ spec }: Workload): Pod | undefined {
  const template = spec?.template ?? spec?.jobTemplate?.spec.template;
  if (template === undefined) return undefined;
  return { ...template.spec, claims: (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name) };
}

/** The ConfigMaps that a directory's kustomization makes of its files. */
function mapsOf(directory: string): ConfigMaps {
  const { configMapGenerator = [] } = parse(text(`${directory}/kustomization.yaml`)) as {
    configMapGenerator?: { name: string; files?: string[] }[];
  };
  return Object.fromEntries(
    configMapGenerator.map(({ name, files = [] }) => [
      name,
      Object.fromEntries(
        files.map((file) => [
          basename(file),
          readFileSync(join(import.meta.dirname, directory, file), 'utf8'),
        ]),
      ),
    ]),
  );
}

const OF_BASE = { ...mapsOf('base'), ...mapsOf('../../config') };
const mapsFor = (kind: string): ConfigMaps => ({ ...mapsOf(`redis/${kind}`), ...mapsOf('redis/common') });
const PLACES = [
  ...readdirSync(join(import.meta.dirname, 'base'))
    .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
    .map((file) => ({ path: `base/${file}`, maps: OF_BASE })),
  { path: 'redis/sentinel/stateful-set.yaml', maps: mapsFor('sentinel') },
  { path: 'redis/cluster/stateful-set.yaml', maps: mapsFor('cluster') },
  { path: 'redis/cluster/job.yaml', maps: mapsFor('cluster') },
].filter(({ path }) => documentsIn(path).some((workload) => podOf(workload) !== undefined));

const problemsIn = (
  path: string,
  maps: ConfigMaps,
  change: (written: string) => string = (written) => written,
): string[] =>
  documentsIn(path, change)
    .map(podOf)
    .flatMap((pod) => (pod === undefined ? [] : podProblems(pod, maps)));

it.each(PLACES)('$path sets nothing that nobody reads, and lacks nothing that somebody does', (place) => {
  expect(problemsIn(place.path, place.maps)).toEqual([]);
});

it('are all there are', () => {
  expect(PLACES.map(({ path }) => path)).toEqual([
    'base/api.yaml',
    'base/consumer.yaml',
    'base/topics.yaml',
    'redis/sentinel/stateful-set.yaml',
    'redis/cluster/stateful-set.yaml',
    'redis/cluster/job.yaml',
  ]);
});

it('secrets have the keys that the operators are told of: an optional one that is misspelt would be missed in silence', () => {
  const told = text('../../docs/operations/kubernetes.md');
  const keys = PLACES.flatMap(({ path }) =>
    [...text(path).matchAll(/^ +key: (\w+)$/gm)].map(([, key]) => key!),
  );
  expect(keys).toContain('REDIS_SENTINEL_PASSWORD');
  expect(keys.filter((key) => !told.includes(`\`${key}\``) && !told.includes(`${key}=`))).toEqual([]);
});

describe('a misspelling is seen:', () => {
  const mapsAt = (path: string): ConfigMaps => PLACES.find((place) => place.path === path)!.maps;

  const OF_NAMES = PLACES.flatMap(({ path }) => {
    const names = documentsIn(path).flatMap((workload) =>
      (podOf(workload)?.containers ?? []).flatMap(({ env = [] }) => env.map(({ name }) => name)),
    );
    return [...new Set(names)].map((name) => ({ path, name }));
  });
  it.each(OF_NAMES)('$name of $path', ({ path, name }) => {
    const misspelt = problemsIn(path, mapsAt(path), (written) =>
      written.replaceAll(`name: ${name}\n`, `name: ${name}X\n`),
    );
    expect(misspelt.filter((problem) => problem.endsWith(` ${name}X`))).not.toEqual([]);
  });

  const [SENTINEL, CLUSTER, JOB] = [
    'redis/sentinel/stateful-set.yaml',
    'redis/cluster/stateful-set.yaml',
    'redis/cluster/job.yaml',
  ] as const;
  const OTHERS = [
    [SENTINEL, 'value: $(POD).redis', 'value: $(PODS).redis', 'redis: PODS is read and not set'],
    [SENTINEL, 'value: /data', 'value: /date', 'redis: nothing at /date'],
    [SENTINEL, '/common/redis.conf', '/common/redis.cnf', 'redis: nothing at /common/redis.cnf'],
    [SENTINEL, '[/scripts/redis.sh]', '[/scripts/reddis.sh]', 'redis: nothing at /scripts/reddis.sh'],
    [
      SENTINEL,
      '[/scripts/sentinel.sh]',
      '[/scripts/sentinal.sh]',
      'sentinel: nothing at /scripts/sentinal.sh',
    ],
    [SENTINEL, '[/scripts/hand-over.sh]', '[/scripts/handover.sh]', 'redis: nothing at /scripts/handover.sh'],
    [SENTINEL, '[/common/ready.sh]', '[/common/readi.sh]', 'redis: nothing at /common/readi.sh'],
    [SENTINEL, "-p, '26379'", "-p, '26378'", 'sentinel: no port 26378'],
    [CLUSTER, 'name: redis-scripts', 'name: redis-script', 'no ConfigMap redis-script'],
    [CLUSTER, '- { name: common, mount', '- { name: commons, mount', 'no volume commons'],
    [CLUSTER, '- { name: run, mount', '- { name: data, mount', 'nobody mounts run'],
    [JOB, '[/scripts/form.sh]', '[/scripts/from.sh]', 'form: nothing at /scripts/from.sh'],
    ['base/api.yaml', 'port: http', 'port: htp', 'api: no port htp'],
    ['base/api.yaml', '/pre-stop.mjs', '/prestop.mjs', 'api: nothing at /opt/fraud-detection/prestop.mjs'],
  ] as const;
  it.each(OTHERS)('of %s, %j as %j', (path, right, wrong, problem) => {
    expect(text(path)).toContain(right);
    expect(problemsIn(path, mapsAt(path), (written) => written.replace(right, wrong))).toContain(problem);
  });

  it.each([
    ['sentinel', 'sentinel.sh', '$QUORUM', '$QUORUMS'],
    ['sentinel', 'hand-over.sh', '$PEERS', '$PEER'],
    ['cluster', 'redis.sh', '$CONFIG/', '$CONFIGS/'],
    ['cluster', 'form.sh', '${NODES:-1}', '${NODE:-1}'],
  ])('of what %s/%s reads, %s as %s', (kind, file, right, wrong) => {
    const maps = mapsFor(kind);
    const script = maps['redis-scripts']![file]!;
    expect(script).toContain(right);
    const misspelt = {
      ...maps,
      'redis-scripts': { ...maps['redis-scripts'], [file]: script.replace(right, wrong) },
    };
    const place = file === 'form.sh' ? JOB : kind === 'sentinel' ? SENTINEL : CLUSTER;
    expect(problemsIn(place, misspelt)).not.toEqual([]);
  });
});

it.each(readdirSync(join(import.meta.dirname, 'overlays')))(
  '%s patches only what is set without it',
  (overlay) => {
    const { patches } = parse(text(`overlays/${overlay}/kustomization.yaml`)) as {
      patches: { target?: object; patch: string }[];
    };
    const whole = patches
      .filter(({ target }) => target === undefined)
      .map(({ patch }) => parse(patch) as Workload);
    const named = (workload: Workload): string[] =>
      (podOf(workload)?.containers ?? []).flatMap(({ name, env = [] }) =>
        env.map((one) => `${workload.kind} ${workload.metadata.name} ${name} ${one.name}`),
      );
    const set = PLACES.flatMap(({ path }) => documentsIn(path).flatMap(named));
    expect(whole.flatMap(named).filter((one) => !set.includes(one))).toEqual([]);
  },
);

it.each([
  ['echo "$A"', { A: true }],
  ['echo "${A:-1}"', { A: false }],
  [': "${A:=1}"; echo "$A"', { A: false }],
  ['A=1\necho "$A"', {}],
  ['# $A\necho "$b" ${c} $1', {}],
  ['awk -v a="$A" \'{print $NF\n}\'', { A: true }],
  ['if [ -n "${A_B:-}" ]; then echo "${C%:*}"; fi', { A_B: false, C: true }],
])('of %j these are read, and needed: %j', (script, expected) => {
  expect(Object.fromEntries(readsOf(script))).toEqual(expected);
});
