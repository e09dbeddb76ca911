import { SETTINGS } from '@fraud/platform';
import { readsOf } from './shell-variables.js';

/** What the product's image reads; the last two are the AWS client's own. */
const OF_THE_PRODUCT = new Set([...Object.keys(SETTINGS), 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
/** redis-cli's own. */
const OF_REDIS_CLI = 'REDISCLI_AUTH';
const PRODUCT = 'registry/fraud-detection';

interface Command {
  readonly exec?: { readonly command: readonly string[] };
  readonly httpGet?: { readonly port: string | number };
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly object[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: Command;
  readonly livenessProbe?: Command;
  readonly readinessProbe?: Command;
  readonly lifecycle?: { readonly preStop?: Command };
}
export interface Pod {
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  /** Of the StatefulSet: names of volumes that stay. */
  readonly claims: readonly string[];
}
/** What is in a ConfigMap: contents by name of the file. */
export type ConfigMaps = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a pod sets that nobody reads there, and what it refers to that is not there. */
export function podProblems(pod: Pod, maps: ConfigMaps): string[] {
  const volumes = [...(pod.volumes ?? []).map(({ name }) => name), ...pod.claims];
  const mounted = pod.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []).map(({ name }) => name);
  // Containers of a pod share what is set: one of them must read it.
  const read = new Set(pod.containers.flatMap((container) => [...readIn(container, pod, maps).keys()]));
  return [
    ...mounted.filter((name) => !volumes.includes(name)).map((name) => `no volume ${name}`),
    ...volumes.filter((name) => !mounted.includes(name)).map((name) => `nobody mounts ${name}`),
    ...(pod.volumes ?? [])
      .filter(({ configMap }) => configMap !== undefined && maps[configMap.name] === undefined)
      .map(({ configMap }) => `no ConfigMap ${configMap!.name}`),
    ...pod.containers.flatMap((container) => [
      ...namesOf(container)
        .filter((name) => !read.has(name))
        .map((name) => `${container.name}: nobody reads ${name}`),
      ...[...readIn(container, pod, maps)]
        .filter(([name, needed]) => needed && !namesOf(container).includes(name))
        .map(([name]) => `${container.name}: ${name} is read and not set`),
      ...pathsIn(container)
        .filter((path) => fileAt(path, container, pod, maps) === undefined)
        .map((path) => `${container.name}: nothing at ${path}`),
      ...portsIn(container).map((port) => `${container.name}: no port ${port}`),
    ]),
  ];
}

const namesOf = ({ env }: Container): string[] => (env ?? []).map(({ name }) => name);

const commandsOf = (container: Container): (readonly string[])[] =>
  [
    container.command,
    container.lifecycle?.preStop?.exec?.command,
    container.startupProbe?.exec?.command,
    container.livenessProbe?.exec?.command,
    container.readinessProbe?.exec?.command,
  ].filter((command) => command !== undefined);

/** Which variables somebody reads there, and whether it must find them set. */
function readIn(container: Container, pod: Pod, maps: ConfigMaps): Map<string, boolean> {
  const reads = new Map<string, boolean>();
  if (container.image === PRODUCT) for (const name of OF_THE_PRODUCT) reads.set(name, false);
  for (const { value } of container.env ?? [])
    for (const [, name] of value?.matchAll(/\$\((\w+)\)/g) ?? []) reads.set(name!, true);
  for (const command of commandsOf(container)) {
    const script = fileAt(command[0]!, container, pod, maps);
    if (/\bredis-cli\b/.test(script ?? command[0]!)) reads.set(OF_REDIS_CLI, false);
    for (const [name, needed] of readsOf(script ?? '')) reads.set(name, needed || (reads.get(name) ?? false));
  }
  return reads;
}

/** Those that it is started with, or told of. */
const pathsIn = (container: Container): string[] =>
  [
    ...commandsOf(container).flat(),
    ...(container.env ?? []).map(({ value }) => value ?? '').filter((value) => !/\s/.test(value)),
  ].filter((word) => word.startsWith('/'));

/** The file at a path, where a volume is mounted that has it; empty where what is there is written later. */
function fileAt(path: string, container: Container, pod: Pod, maps: ConfigMaps): string | undefined {
  const mount = (container.volumeMounts ?? []).find(
    ({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`),
  );
  if (mount === undefined) return undefined;
  const map = pod.volumes?.find(({ name }) => name === mount.name)?.configMap;
  return map === undefined ? '' : maps[map.name]?.[path.slice(mount.mountPath.length + 1)];
}

/** Ports that it is asked at, or says it listens at, and does not open. */
function portsIn(container: Container): (string | number)[] {
  const open = (container.ports ?? []).flatMap(({ name, containerPort }) => [name, String(containerPort)]);
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  const asked = [
    ...probes.flatMap((probe) => (probe?.httpGet === undefined ? [] : [probe.httpGet.port])),
    ...probes.flatMap((probe) => {
      const command = probe?.exec?.command ?? [];
      return command.includes('-p') ? [command[command.indexOf('-p') + 1]!] : [];
    }),
  ];
  return asked.filter((port) => !open.includes(String(port)));
}
