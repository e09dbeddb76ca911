import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from '@fraud/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Overload } from './overload.js';

const engine = { budgetMs: 15, eachMs: 0.1, underWay: 0 };
let server: Server;
let url: string;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  new Overload(engine).guard(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

const send = (path: string): Promise<Response> => fetch(`${url}${path}`, { method: 'POST', body: '{}' });

describe('a server with more to do than it can', () => {
  it('refuses transactions with 503, a code and Retry-After, and nothing of them is read', async () => {
    engine.underWay = 10_000;
    for (const path of ['/v1/decisions', '/v1/decisions/batch', '/v1/decisions?x=1']) {
      const answer = await send(path);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect((await answer.json()) as Problem).toMatchObject({ code: 'overloaded', status: 503 });
    }
    expect(asked).toEqual([]);
  });

  it('answers whatever else is asked for', async () => {
    engine.underWay = 10_000;
    for (const path of ['/health', '/ready', '/metrics', '/v1/decisions/899d0368'])
      expect((await fetch(`${url}${path}`)).status).toBe(200);
    expect((await send('/v1/labels')).status).toBe(200);
    expect(asked).toHaveLength(5);
  });

  it('takes transactions again as soon as it can', async () => {
    engine.underWay = 10_000;
    expect((await send('/v1/decisions')).status).toBe(503);
    engine.underWay = 20;
    expect((await send('/v1/decisions')).status).toBe(200);
  });
});
