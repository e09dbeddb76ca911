import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SETTINGS, loadConfig } from '@fraud/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFlagsOf } from '../lib/node-flags.mjs';
import { inRoot, root } from '../lib/paths.mjs';

const run = promisify(execFile);
const dockerfile = readFileSync(inRoot('Dockerfile'), 'utf8');
const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
  version: string;
  license: string;
  devDependencies: Record<string, string>;
};
const all = (pattern: RegExp): string[] => [...dockerfile.matchAll(pattern)].map(([, found]) => found!);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'image-spec-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('Dockerfile', () => {
  it('runs on the Node that the product is tested on, and has the version of the product', () => {
    expect(all(/^ARG NODE_VERSION=(.+)$/gm)).toEqual([manifest.devDependencies['node']]);
    expect(new Set(all(/^ARG VERSION=(.+)$/gm))).toEqual(new Set([manifest.version]));
    expect(all(/licenses="(.+?)"/g)).toEqual([manifest.license]);
  });

  it('sets nothing but settings, opens the ports that are the default, and keeps what is written in volumes', () => {
    const environment = Object.fromEntries(
      [...dockerfile.matchAll(/^(?:ENV|\s+)\s*([A-Z_]+)=(\S+)(?: \\)?$/gm)].map(([, name, value]) => [
        name!,
        value!,
      ]),
    );
    const { NODE_ENV, ONNXRUNTIME_NODE_INSTALL, ...settings } = environment;
    expect([NODE_ENV, ONNXRUNTIME_NODE_INSTALL]).toEqual(['production', 'skip']);
    expect(Object.keys(settings).filter((name) => !(name in SETTINGS))).toEqual([]);
    const { HOST, DATA_DIR, MODEL_CACHE_DIR } = loadConfig(settings);
    expect(HOST).toBe('0.0.0.0');
    expect(JSON.parse(all(/^VOLUME (.+)$/gm)[0]!)).toEqual([DATA_DIR, MODEL_CACHE_DIR]);
    expect(all(/^EXPOSE (.+)$/gm)).toEqual([`${SETTINGS.PORT.default} ${SETTINGS.CONSUMER_PORT.default}`]);
  });

  it('is run by the manifests for Kubernetes as its own user, with volumes where it writes', () => {
    for (const name of ['api', 'consumer']) {
      const deployment = readFileSync(inRoot(`deploy/k8s/base/${name}.yaml`), 'utf8');
      const [user, group] = all(/^USER (.+)$/gm)[0]!.split(':');
      expect(deployment).toContain(`runAsUser: ${user}\n        runAsGroup: ${group}\n`);
      const mounted = [...deployment.matchAll(/mountPath: (.+)$/gm)].map(([, place]) => place);
      expect(mounted).toEqual(
        expect.arrayContaining([...(JSON.parse(all(/^VOLUME (.+)$/gm)[0]!) as string[]), '/tmp']),
      );
    }
  });

  it('copies nothing that is not there, or that .dockerignore keeps away', () => {
    const admitted = readFileSync(inRoot('.dockerignore'), 'utf8')
      .match(/^!.+$/gm)!
      .map((line) => line.slice(1));
    const copied = all(/^COPY (?!--from)(.+)$/gm).flatMap((line) => line.split(' ').slice(0, -1));
    expect(copied.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    expect(copied.filter((file) => !admitted.includes(file.split('/')[0]!))).toEqual([]);
  });
});

it.each([
  [['api'], 'api', []],
  [['consumer'], 'consumer', []],
  [['topics', '--load', '20 000'], 'cli', ['topics', '--load', '20 000']],
  [[], 'cli', []],
] as const)('starts %j by the flags that it is measured with', async (given, app, args) => {
  const node = path.join(directory, 'node');
  writeFileSync(node, '#!/bin/sh\nfor one in "$@"; do echo "$one"; done\n');
  chmodSync(node, 0o755);
  const { stdout } = await run(inRoot('scripts/image/fraud-detection'), [...given], {
    env: { PATH: `${directory}:/bin:/usr/bin` },
  });
  expect(stdout.trim().split('\n')).toEqual([
    ...nodeFlagsOf(app),
    `/app/dist/apps/${app}/src/main.js`,
    ...args,
  ]);
});

describe('health.mjs', () => {
  const health = (env: Record<string, string>, ...args: string[]) =>
    run(process.execPath, [inRoot('scripts/image/health.mjs'), ...args], { env }).then(
      () => 0,
      ({ code }: { code: number }) => code,
    );

  it('is 0 where the server of the container is well, whichever it is, and 1 where it is not, or none answers', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(request.url === '/health' ? 200 : 503).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const port = String((server.address() as AddressInfo).port);
    // Nothing listens to port 1.
    expect(await health({ PORT: port, CONSUMER_PORT: '1' })).toBe(0);
    expect(await health({ PORT: '1', CONSUMER_PORT: port })).toBe(0);
    expect(await health({ PORT: port, CONSUMER_PORT: '1' }, '/ready')).toBe(1);
    expect(asked).toEqual(['/health', '/health', '/ready']);
    expect(await health({ PORT: '1', CONSUMER_PORT: '1' })).toBe(1);
    server.close();
  });
});

describe('prune.mjs', () => {
  const prune = (modules: string) => run(process.execPath, [inRoot('scripts/image/prune.mjs'), modules]);
  const write = (modules: string, ...files: string[]): void => {
    for (const file of files) {
      mkdirSync(path.dirname(path.join(modules, file)), { recursive: true });
      writeFileSync(path.join(modules, file), '');
    }
  };
  const binary = (platform: string, arch: string): string =>
    `onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`;
  const own = binary(process.platform, process.arch);

  it('takes away binaries of other platforms and what is for debuggers and compilers, and nothing else', async () => {
    const modules = path.join(directory, 'node_modules');
    const foreign = [binary('darwin', 'arm64'), binary('win32', 'x64'), binary(process.platform, 'mips')];
    const tools = ['a/index.js.map', '@b/c/index.d.ts', '@b/c/index.d.mts'];
    const kept = [own, 'a/index.js', '@b/c/index.mjs', '@b/c/map.js', '@b/c/words.ts'];
    write(modules, ...foreign, ...tools, ...kept);
    await prune(modules);
    const there = (file: string): boolean => existsSync(path.join(modules, file));
    expect(kept.filter((file) => !there(file))).toEqual([]);
    expect([...foreign, ...tools].filter(there)).toEqual([]);
  });

  it('fails where ONNX Runtime has nothing for this platform', async () => {
    const modules = path.join(directory, 'elsewhere');
    write(modules, binary('darwin', 'mips'));
    await expect(prune(modules)).rejects.toThrow('this image could not score');
  });
});
