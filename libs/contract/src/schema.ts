import 'reflect-metadata';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { Decision } from './decision.js';
import { Label } from './label.js';
import { Transaction } from './transaction.js';

export type JsonSchema = Record<string, unknown> & {
  properties?: Record<string, JsonSchema>;
  required?: string[];
};

const all = validationMetadatasToSchemas({ refPointerPrefix: '#/components/schemas/' }) as Record<
  string,
  JsonSchema
>;

/** JSON Schemas of the contract, made from its classes; OpenAPI shows the same objects. */
export const CONTRACT_SCHEMAS = {
  Transaction: required(Transaction.name),
  Decision: required(Decision.name),
  Label: required(Label.name),
} as const;

function required(name: string): JsonSchema {
  const schema = all[name];
  if (schema === undefined) throw new Error(`no validation metadata for ${name}`);
  return schema;
}
