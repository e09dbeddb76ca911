import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { DEFAULT_HORIZON_DAYS, DEFAULT_WEEKS } from './read-quality.js';
import { ref } from './schema-parts.js';

/** What an answer holds, for the OpenAPI document. */
export const json = (name: string) => ({ 'application/json': { schema: ref(name) } });

export const away = ApiResponse({
  status: 503,
  description: 'The records are away, or switched off',
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

export const refused = ApiResponse({
  status: 400,
  description: 'Not valid; every wrong parameter is named',
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

export const from = ApiQuery({
  name: 'from',
  required: false,
  description: `First moment of the transactions; the week that holds it is the first. Default: ${DEFAULT_WEEKS} weeks before \`to\``,
  schema: { type: 'string', examples: ['2026-01-05', '2026-01-05T00:00:00Z'] },
});

export const to = ApiQuery({
  name: 'to',
  required: false,
  description: 'Transactions before this moment; the week that holds it is the last. Default: now',
  schema: { type: 'string' },
});

export const horizonDays = ApiQuery({
  name: 'horizon_days',
  required: false,
  description: 'Fraud that becomes known later than this is not expected any more',
  schema: { type: 'integer', minimum: 7, maximum: 365, default: DEFAULT_HORIZON_DAYS },
});
