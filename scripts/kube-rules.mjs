import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { inRoot } from './lib/paths.mjs';

/** Usage: npm run kube:rules. Writes the rules of deploy/prometheus as an object of the Prometheus Operator. */
const file = inRoot('deploy/k8s/components/prometheus-operator/prometheus-rule.yaml');
/** @param {string} name @returns {unknown[]} */
const groupsOf = (name) => parse(readFileSync(inRoot(`deploy/prometheus/${name}.yaml`), 'utf8')).groups;
const rule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'fraud-detection' },
  spec: { groups: [...groupsOf('recording'), ...groupsOf('alerts')] },
};
const head = '# Written by `npm run kube:rules` from deploy/prometheus; do not edit.\n';
writeFileSync(file, head + stringify(rule, { lineWidth: 0, singleQuote: true }));
