import { parse } from 'yaml';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Whether an answer has exactly the fields of the one that a runbook shows, with values of the same kind.
 * @param {string} expected JSON @param {string} actual JSON
 * @returns {string} what differs; '' where nothing does
 */
export function differenceOfAnswers(expected, actual) {
  /** @type {unknown} */
  let answer;
  try {
    answer = JSON.parse(actual);
  } catch {
    return 'the answer is not JSON';
  }
  const [wanted, found] = [kindsOf(JSON.parse(expected)), kindsOf(answer)];
  return wanted === found ? '' : `expected ${wanted}, got ${found}`;
}

/** @param {unknown} value @returns {string} its fields, in no order, with the kinds of their values */
function kindsOf(value) {
  if (Array.isArray(value)) return 'array';
  if (value === null || typeof value !== 'object') return kindOf(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${kindsOf(field)}`);
  return `{ ${fields.toSorted().join(', ')} }`;
}

/** @param {unknown} value */
function kindOf(value) {
  if (typeof value === 'string') return TIME.test(value) ? 'time' : 'string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
}

/**
 * Whether an autoscaler does what a runbook says of it.
 * @param {string} said YAML: minReplicas, maxReplicas, targetCPUUtilization, targetMemoryUtilization
 * @param {string} manifest YAML of a HorizontalPodAutoscaler
 * @returns {string} what differs; '' where nothing does
 */
export function differenceOfAutoscaler(said, manifest) {
  const { minReplicas, maxReplicas, metrics = [] } = parse(manifest).spec;
  /** @param {string} name */
  const target = (name) => {
    const metric = metrics.find(
      (/** @type {{ resource?: { name: string } }} */ one) => one.resource?.name === name,
    );
    return `${metric?.resource.target.averageUtilization}%`;
  };
  /** @type {Record<string, unknown>} */
  const found = {
    minReplicas,
    maxReplicas,
    targetCPUUtilization: target('cpu'),
    targetMemoryUtilization: target('memory'),
  };
  return Object.entries(parse(said))
    .filter(([name, value]) => found[name] !== value)
    .map(([name, value]) => `${name}: expected ${value}, got ${String(found[name])}`)
    .join('; ');
}
