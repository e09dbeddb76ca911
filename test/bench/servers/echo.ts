import fastify from 'fastify';

// The yardstick: what Node and Fastify cost when the application does nothing but read and write JSON.

const app = fastify({ logger: false });
app.get('/ready', () => ({ ready: true }));
app.post('/v1/decisions', (request) => request.body);
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
