/** What a server that knows no more of it takes of any object's metadata. */
const METADATA = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

/**
 * The schema of a custom resource as JSON Schema, in which a field that is not declared is a mistake: a server would drop it,
 * or refuse it where it is asked to be strict. Without descriptions, formats, and rules in CEL.
 * @param {any} schema `openAPIV3Schema` of the definition
 */
export function strict(schema) {
  const whole = closed(schema);
  return {
    ...whole,
    required: [...new Set(['apiVersion', 'kind', 'metadata', ...(whole.required ?? [])])],
    properties: { ...whole.properties, metadata: METADATA },
  };
}

/** @param {any} schema @returns {any} */
function closed(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  /** @type {Record<string, unknown>} */
  const made = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' || key === 'format' || key === 'default' || key.startsWith('x-')) continue;
    if (key === 'properties')
      made[key] = Object.fromEntries(Object.entries(value).map(([name, of]) => [name, closed(of)]));
    else made[key] = key === 'pattern' ? pattern(value) : closed(value);
  }
  // Not of the branches of an `anyOf`, which speak of fields that are declared beside it.
  if (schema.type === 'object' && schema.properties !== undefined && !open)
    made['additionalProperties'] = false;
  return made;
}

/** As JavaScript knows it: Go says in front that case is not looked at. @param {string} written */
function pattern(written) {
  if (!written.startsWith('^(?i)')) return written;
  const either = (/** @type {string} */ letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
  return `^${written.slice('^(?i)'.length).replaceAll(/[a-z]/gi, either)}`;
}
