import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { MalformedJson } from '../errors/malformed-json.js';

/**
 * Leaves application/json as the only body that is read. Fastify's own parser does it (bounded by bodyLimit,
 * safe against poisoned prototypes); what it finds wrong is told apart from other bad requests.
 */
export function acceptJsonAlone(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      done(new UnsupportedMediaTypeException());
      return;
    }
    void parse(request, body, (error, value) => {
      if (error === null) done(null, value);
      else done(new MalformedJson());
    });
  });
}
