import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../scripts/lib/image/build.mjs';
import { openEngine, type Engine } from '../../scripts/lib/image/engine.mjs';
import { MOST_MB, sizesOf } from '../../scripts/lib/image/sizes.mjs';
import { nodeFlagsOf } from '../../scripts/lib/node-flags.mjs';
import { startContainer } from '../support/container.js';
import { freePort } from '../support/free-port.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const TAG = 'fraud-detection:v1.2.0';
const BUILD_MS = 900_000;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  const revision = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  await buildImage(engine, TAG, ['--build-arg', 'VERSION=1.2.0', '--build-arg', `REVISION=${revision}`]);
}, BUILD_MS);

const inside = (command: string): Promise<string> =>
  engine.run(
    'run',
    '--rm',
    '--no-healthcheck',
    '--network',
    'none',
    '--entrypoint',
    'sh',
    TAG,
    '-c',
    command,
  );

describe('the image', () => {
  it('has a user, a health check, volumes and labels', async () => {
    const [image] = JSON.parse(await engine.run('image', 'inspect', TAG)) as {
      Config: Record<string, unknown>;
      Labels: Record<string, string>;
      HealthCheck?: { Test: string[] };
    }[];
    expect(image!.Config).toMatchObject({
      User: '1000:1000',
      Entrypoint: ['fraud-detection'],
      Cmd: ['api'],
      ExposedPorts: { '8000/tcp': {}, '8001/tcp': {} },
      Volumes: { '/var/lib/fraud-detection': {}, '/var/cache/fraud-detection': {} },
    });
    expect(JSON.stringify(image)).toContain('/app/bin/health.mjs');
    expect(image!.Labels).toMatchObject({
      'org.opencontainers.image.version': '1.2.0',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
  });

  it('is not larger than it may be', async () => {
    const { whole, node } = await sizesOf(engine, TAG);
    expect(node).toBeGreaterThan(50);
    expect(whole - node).toBeLessThanOrEqual(MOST_MB);
  });

  it('has no tests, sources, development dependencies or foreign binaries, and nothing of this machine', async () => {
    expect((await inside('ls -A /app')).split('\n').toSorted()).toEqual(
      ['LICENSE', 'bin', 'config', 'dist', 'models', 'node_modules', 'package.json'].toSorted(),
    );
    const unwanted = [
      "find /app/dist -name '*.spec.*'",
      'find /app/node_modules/onnxruntime-node/bin -type f -not -path "*/linux/*"',
      "find / -xdev -name '.npmrc' -not -path '/proc/*'",
      'find /app/node_modules -maxdepth 1 -name vitest -o -maxdepth 1 -name oxlint -o -maxdepth 1 -name node',
    ];
    expect(await inside(`(${unwanted.join('; ')}) 2>/dev/null; true`)).toBe('');
  });

  it('lets its user write nowhere but into the volumes and /tmp', async () => {
    const writable =
      'find / -xdev -writable -not -type l -not -path "/proc/*" -not -path "/dev/*" 2>/dev/null; true';
    const places = (await inside(writable))
      .split('\n')
      .filter((file) => !/^\/(tmp|var\/tmp|run\/lock|home\/node)/.test(file));
    expect(places.toSorted()).toEqual(['/var/cache/fraud-detection', '/var/lib/fraud-detection']);
    expect(await inside('id -u; touch "$DATA_DIR/x" "$MODEL_CACHE_DIR/x" && echo written')).toBe(
      '1000\nwritten',
    );
  });
});

describe('a container that can write nothing but its volumes and /tmp', () => {
  it('decides, records, says its version, is well, and ends at once when it is asked to', async () => {
    const port = await freePort();
    const api = await startContainer(engine, TAG, ['api'], { PORT: String(port), HOST: '127.0.0.1' });
    const url = `http://127.0.0.1:${port}`;
    await until(() =>
      fetch(`${url}/ready`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      status: 'healthy',
      version: '1.2.0',
    });
    const answer = await post(`${url}/v1/decisions`, aTransaction());
    expect(await answer.json()).toMatchObject({ source: 'model', versions: { engine: '1.2.0' } });
    // Parquet is made in a file first.
    await until(async () => {
      const file = await fetch(`${url}/v1/decisions/export?format=parquet`);
      return file.status === 200 && (await file.arrayBuffer()).byteLength > 100;
    });
    expect(await api.run('node', '/app/bin/health.mjs', '/ready')).toBe('200');
    // As the first process, and with the flags that it is measured with.
    const first = await api.run('sh', '-c', String.raw`tr '\0' '\n' </proc/1/cmdline`);
    expect(first.split('\n')).toEqual(['node', ...nodeFlagsOf('api'), '/app/dist/apps/api/src/main.js']);
    const { code, ms } = await api.stop();
    expect([code, await api.log()]).toEqual([0, expect.not.stringContaining('EROFS')]);
    expect(ms).toBeLessThan(6000);
  });

  it('ends at once while it still starts', async () => {
    // A storage that takes the connection and never answers.
    const port = await freePort();
    const silent = (await import('node:net')).createServer().listen(port, '127.0.0.1');
    const api = await startContainer(engine, TAG, ['api'], {
      PORT: String(await freePort()),
      MODEL_URI: 's3://models',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    await new Promise((resolve) => silent.once('connection', resolve));
    const { code, ms } = await api.stop();
    silent.close();
    expect(code).toBe(143);
    expect(ms).toBeLessThan(3000);
  });

  it('runs the command line, and says what is wrong with it', async () => {
    const models = await startContainer(engine, TAG, ['models', 'verify', 'models'], {});
    expect(await models.ended()).toBe(0);
    const wrong = await startContainer(engine, TAG, ['simulate', '--tps', 'many'], {});
    expect(await wrong.ended()).toBe(1);
    expect(await wrong.log()).toContain('Give a number');
  });
});
