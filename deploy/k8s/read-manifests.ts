import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: Spec;
}
export interface Spec {
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
export interface Container {
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
export const text = (path: string): string => readFileSync(join(here, path), 'utf8');
export const base: readonly Manifest[] = readdirSync(join(here, 'base'))
  .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
  .flatMap((file) => parseAllDocuments(text(`base/${file}`)).map((d) => d.toJS() as Manifest));
export const find = (kind: string, name: string): Manifest =>
  base.find((m) => m.kind === kind && m.metadata.name === name)!;
export const environment = (path: string): Record<string, string> =>
  Object.fromEntries(
    text(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** The runbook's table; `nodes` are pods of Redis. */
export const TABLE = [
  { overlay: 'tps-5000', pods: 3, most: 20, partitions: 6, redis: 'sentinel', nodes: 3 },
  { overlay: 'tps-20000', pods: 5, most: 20, partitions: 12, redis: 'cluster', nodes: 2 * 3 },
  { overlay: 'tps-50000', pods: 10, most: 20, partitions: 24, redis: 'cluster', nodes: 2 * 6 },
  { overlay: 'tps-100000', pods: 20, most: 60, partitions: 48, redis: 'cluster', nodes: 2 * 9 },
];
