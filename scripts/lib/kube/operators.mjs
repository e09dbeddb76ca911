import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';

const SCHEMAS = new URL('schemas/', import.meta.url);
const ajv = new Ajv({ allErrors: true, strictTypes: false });
for (const file of readdirSync(fileURLToPath(SCHEMAS)))
  if (file.endsWith('.json')) ajv.addSchema(JSON.parse(readFileSync(new URL(file, SCHEMAS), 'utf8')));

/** Groups of Kubernetes itself have no dot, or end so. */
const OWN = /^[a-z]+$|\.k8s\.io$/;

/** Whether the schema of an object comes with an operator, not with Kubernetes. @param {string} apiVersion */
export function ofOperator(apiVersion) {
  const [group = ''] = apiVersion.split('/');
  return apiVersion.includes('/') && !OWN.test(group);
}

/**
 * What is wrong with an object of an operator; a field that its schema does not know is a mistake.
 * @param {{ apiVersion: string, kind: string }} object @returns {string[]}
 */
export function operatorProblems(object) {
  const of = `${object.apiVersion}/${object.kind}`;
  const validate = ajv.getSchema(of);
  if (validate === undefined) return [`${of}: no schema in scripts/lib/kube/schemas`];
  if (validate(object) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const name = params['additionalProperty'];
    return `${of}: ${instancePath} ${message}${name === undefined ? '' : ` (${name})`}`;
  });
}
