import { CONTRACT_SCHEMAS, ERRORS } from '@fraud/contract';
import { ENGINE_VERSION } from '@fraud/platform';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { MAX_BATCH } from './decisions/read-batch.js';
import { DRIFT_SCHEMAS } from './drift/drift-schemas.js';
import { LABEL_SCHEMAS } from './labels/label-schemas.js';
import { SCORE_SCHEMAS } from './labels/score-schemas.js';
import { RECORD_SCHEMAS } from './records/record-schemas.js';

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

const SCHEMAS = {
  ...CONTRACT_SCHEMAS,
  Batch: {
    type: 'object',
    required: ['transactions'],
    properties: {
      transactions: { type: 'array', minItems: 1, maxItems: MAX_BATCH, items: ref('Transaction') },
    },
  },
  BatchAnswer: {
    type: 'object',
    required: ['decisions'],
    properties: {
      decisions: { type: 'array', items: { oneOf: [ref('Decision'), ref('Problem')] } },
    },
  },
  ...LABEL_SCHEMAS,
  ...SCORE_SCHEMAS,
  ...DRIFT_SCHEMAS,
  ...RECORD_SCHEMAS,
  Problem: {
    type: 'object',
    description: 'RFC 9457 problem details; `code` is stable',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(ERRORS) },
      detail: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['field', 'code', 'message'],
          properties: {
            field: { type: 'string', description: 'Path of the field, such as `transactions[3].amount`' },
            code: { type: 'string' },
            message: { type: 'string' },
          },
        },
      },
    },
  },
};

/** The OpenAPI document; its schemas are the ones that validate. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('fraud-detection')
    .setDescription('Real-time payment-fraud decisions')
    .setVersion(ENGINE_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  const document = SwaggerModule.createDocument(app, base);
  document.components = { ...document.components, schemas: SCHEMAS };
  return document;
}
