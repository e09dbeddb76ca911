import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { withProgress } from '../progress.mjs';
import { startServices } from '../services/for-tests.mjs';
import { endServers, runTool, startServer } from './product.mjs';
import { endLines, runLine } from './shell.mjs';
import { API_PORT, writeShims } from './shims.mjs';

/** S3 takes any. */
const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
};
/** So many rows, and drift is computed: above 1,000. */
const OVER_HTTP = ['--tps', '400', '--duration', '5s'];
const OVER_KAFKA = ['--tps', '200', '--duration', '5s'];

/** @typedef {{ url: string, directory: string, env: NodeJS.ProcessEnv, stop: () => Promise<void> }} Trial */

/**
 * An installation for the runbook: Redis alone and as a cluster, Kafka, S3, the API and a consumer, each a process of this trial alone, with some
 * traffic behind them.
 * @param {{ cluster: boolean, env: Record<string, string> }} options env: more of it for commands
 * @returns {Promise<Trial>}
 */
export async function openTrial({ cluster, env: more }) {
  const directory = mkdtempSync(path.join(tmpdir(), 'fraud-runbook-'));
  /** @type {import('./product.mjs').Running[]} */
  const servers = [];
  const names = ['redis', 'redis-cluster', 'kafka', 's3'];
  const starting = startServices(names, path.join(directory, 'services'), { own: true });
  // The last resort where nobody is left to wait for stop(); behind that of the services, whose pids are in the directory.
  const lastResort = () => {
    endLines();
    endServers();
    // What was just killed may still be writing.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  process.once('exit', lastResort);
  let stopServices = async () => {};
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await stopServices();
    rmSync(directory, { recursive: true, force: true });
    process.off('exit', lastResort);
  };
  try {
    const services = await withProgress(`Starting ${names.join(', ')}`, () => starting);
    stopServices = services.stop;
    const { redis = '', kafka = '', s3 = '', 'redis-cluster': nodes = '' } = services.urls;
    // Patient: what a busy machine answers degraded is not counted for drift, of which the runbook asks.
    const patient = { LATENCY_BUDGET_MS: '2000', REDIS_TIMEOUT_MS: '1000' };
    const common = { REDIS_URL: redis, DRAIN_MS: '0', ...patient };
    const brokers = { KAFKA_BROKERS: kafka };
    await withProgress('Starting the API and a consumer, and sending them traffic', async () => {
      await runTool(['topics'], brokers);
      const port = (await isFree(API_PORT)) ? String(API_PORT) : '0';
      servers.push(
        await startServer('api', { ...common, PORT: port, DATA_DIR: path.join(directory, 'api') }),
      );
      servers.push(
        await startServer('consumer', {
          ...common,
          ...brokers,
          CONSUMER_PORT: '0',
          // "Increase max_poll_records"
          MAX_POLL_RECORDS: '1000',
          DATA_DIR: path.join(directory, 'consumer'),
        }),
      );
      await runTool(['simulate', '--url', servers[0]?.url ?? '', ...OVER_HTTP], {});
      await runTool(['simulate', '--to', 'kafka', '--seed', '43', ...OVER_KAFKA], brokers);
    });
    const url = servers[0]?.url ?? '';
    const shims = path.join(directory, 'bin');
    writeShims(shims, {
      api: portOf(url),
      redis: portOf(redis),
      redisCluster: portOf(`redis://${nodes.split(',')[0]}`),
      broker: kafka,
      cluster,
    });
    const env = {
      ...process.env,
      ...CREDENTIALS,
      ...more,
      AWS_ENDPOINT_URL: s3,
      RUNBOOK_STATE: directory,
      PATH: [shims, process.env.PATH].join(path.delimiter),
    };
    const bucket = await runLine('aws s3 mb s3://fraud-models', { env });
    if (bucket.code !== 0)
      throw new Failure('the bucket could not be made', 'see above', { detail: bucket.stderr });
    return { url, directory, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} url */
const portOf = (url) => Number(new URL(url).port);

/** Whether nobody listens there, by either protocol: curl asks at both addresses of localhost. @param {number} port */
async function isFree(port) {
  const tries = ['127.0.0.1', '::1'].map((host) => canListen(port, host));
  return (await Promise.all(tries)).every(Boolean);
}

/** @param {number} port @param {string} host @returns {Promise<boolean>} */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    // A machine without IPv6 has no such address, and nobody listens there.
    server.once('error', (error) =>
      resolve(/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE'),
    );
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
