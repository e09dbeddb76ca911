import { motoServer } from './environment.mjs';

/**
 * An S3 that keeps its objects in memory and takes any credentials. Clients need some, and a region:
 * AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
 * @type {import('../registry.mjs').Service}
 */
export const s3 = {
  name: 's3',
  variable: 'AWS_ENDPOINT_URL_S3',
  byDefault: false,
  inContainer: false,
  nodes: 1,
  portsPerNode: 1,
  stopTimeoutMs: 5_000,
  installation: motoServer,
  prepare: async (launcher, places) =>
    places.map(({ ports: [port] }) => ({
      program: launcher.program,
      arguments: [...launcher.arguments, '-H', '127.0.0.1', '-p', String(port)],
      words: ['moto.server', String(port)],
    })),
  url: ([node]) => `http://127.0.0.1:${node?.ports[0]}`,
  probe: async (url) => {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    // Another S3 may want a signature even for this.
    if (status >= 500) throw new Error(`it answers with ${status}`);
  },
};
