/** What the schemas of labels and of quality are made of. */
export const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

export const moment = { type: 'string', format: 'date-time' };
export const monday = { type: 'string', format: 'date', description: 'the Monday, UTC' };
export const number = { type: 'number' };
export const integer = { type: 'integer' };
export const share = { type: ['number', 'null'], minimum: 0, maximum: 1 };
export const money = { type: 'integer', description: 'minor units of the reference currency' };

/** An object that has all of these. */
export const object = (properties: Readonly<Record<string, object>>): object => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
