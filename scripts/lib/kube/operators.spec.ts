import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { inRoot } from '../paths.mjs';
import { ofOperator, operatorProblems } from './operators.mjs';

const COMPONENTS = inRoot('deploy/k8s/components');
const objects = readdirSync(COMPONENTS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
  .map((file) => ({ file, written: readFileSync(path.join(COMPONENTS, file), 'utf8') }));
const problems = (written: string): string[] =>
  parseAllDocuments(written).flatMap((document) =>
    operatorProblems(document.toJS() as { apiVersion: string; kind: string }),
  );
const writtenIn = (name: string): string => objects.find(({ file }) => file.endsWith(name))!.written;

describe("operators' objects", () => {
  it.each(objects)('$file is what its operator takes', ({ written }) => {
    expect(problems(written)).toEqual([]);
  });

  const MISTAKES = [
    ['scaled-object.yaml', 'cooldownPeriod: 600', 'pollingIntervall: 5', '/spec', 'pollingIntervall'],
    ['scaled-object.yaml', 'minReplicaCount: 3', "minReplicaCount: '3'", '/spec/minReplicaCount', 'integer'],
    ['scaled-object.yaml', '    - type: kafka', '    - kind: kafka', '/spec/triggers/0', 'type'],
    ['scaled-object.yaml', "lagThreshold: '2500'", 'lagThreshold: 2500', '/metadata/lagThreshold', 'string'],
    ['scaled-object.yaml', 'metadata:\n  name', 'metadata:\n  nam', '/metadata', 'nam'],
    ['service-monitor.yaml', 'interval: 15s', 'intervall: 15s', '/spec/endpoints/0', 'intervall'],
    ['service-monitor.yaml', 'interval: 15s', 'interval: quickly', '/spec/endpoints/0/interval', 'pattern'],
    ['service-monitor.yaml', 'targetLabel', 'target_label', '/relabelings/0', 'target_label'],
    ['prometheus-rule.yaml', 'interval: 5m', 'every: 5m', '/spec/groups/0', 'every'],
    ['prometheus-rule.yaml', 'expr: sum', 'expression: sum', '/rules/0', 'expression'],
  ] as const;
  it.each(MISTAKES)('%s with another thing for %j, %j, is refused', (file, right, wrong, place, named) => {
    const written = writtenIn(file);
    expect(written).toContain(right);
    const found = problems(written.replace(right, wrong));
    expect(found.filter((problem) => problem.includes(place) && problem.includes(named))).not.toEqual([]);
  });

  it('one that no schema is known of is refused, and not passed over', () => {
    expect(problems(writtenIn('scaled-object.yaml').replace('ScaledObject', 'ScaledObjekt'))).toEqual([
      'keda.sh/v1alpha1/ScaledObjekt: no schema in scripts/lib/kube/schemas',
    ]);
  });
});

it.each([
  ['v1', false],
  ['apps/v1', false],
  ['batch/v1', false],
  ['networking.k8s.io/v1', false],
  ['keda.sh/v1alpha1', true],
  ['monitoring.coreos.com/v1', true],
])('of %s the schema comes with an operator: %j', (apiVersion, expected) => {
  expect(ofOperator(apiVersion)).toBe(expected);
});
