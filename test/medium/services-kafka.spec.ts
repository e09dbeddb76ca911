import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';
import { kafkaMetadata } from '../../scripts/lib/services/kafka/metadata.mjs';
import { freePort } from '../support/free-port.js';
import { runScript, services } from '../support/services-script.js';

const START = { timeout: 90_000 };
const makeDirectory = () => mkdtemp(path.join(tmpdir(), 'services-spec-'));
const nodesKnownTo = async (address: string) =>
  (await kafkaMetadata(address)).brokers.map(({ node }) => node).toSorted((a, b) => a - b);

describe('scripts/services with one Kafka', START, () => {
  let dir: string;
  beforeAll(async () => {
    dir = await makeDirectory();
  });
  afterAll(async () => {
    await services(['stop', 'kafka', '--dir', dir]);
    await rm(dir, { recursive: true, force: true });
  });

  it('starts a broker beside the others that answers at once, and stops it again', async () => {
    expect((await services(['status', 'kafka', '--dir', dir])).code).toBe(3);

    const started = await services(['start', 'kafka', 'redis', '--dir', dir]);
    const [, address = ''] = /^export KAFKA_BROKERS=(127\.0\.0\.1:\d+)\nexport REDIS_URL=redis:/.exec(
      started.stdout,
    )!;
    expect(address).not.toBe(inject('kafkaBrokers'));
    expect(await kafkaMetadata(address)).toEqual({
      brokers: [{ node: 1, host: '127.0.0.1', port: Number(address.split(':')[1]) }],
      controller: 1,
    });
    const status = await services(['status', 'kafka', '--dir', dir]);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(address) });

    const stopped = await services(['stop', 'kafka', 'redis', '--dir', dir]);
    expect(stopped.stderr).toContain('kafka: stopped (pid ');
    await expect(kafkaMetadata(address)).rejects.toThrow('ECONNREFUSED');
    expect((await services(['status', 'kafka', '--dir', dir])).code).toBe(3);
  });

  it('uses the one that KAFKA_BROKERS names, and never stops it', async () => {
    const more = { KAFKA_BROKERS: inject('kafkaBrokers') };
    expect((await services(['start', 'kafka', '--dir', dir], more)).stdout).toContain(more.KAFKA_BROKERS);
    expect((await services(['stop', 'kafka', '--dir', dir], more)).stderr).toContain('not started from here');
    expect(await nodesKnownTo(more.KAFKA_BROKERS)).toEqual([1]);
  });

  it('fails, and says what to do, when KAFKA_BROKERS names none, or one where three are asked for', async () => {
    const nobody = { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` };
    const run = await services(['start', 'kafka', '--dir', dir], nobody);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/does not answer.*ECONNREFUSED[\s\S]*unset KAFKA_BROKERS/);

    const one = { KAFKA_BROKERS: inject('kafkaBrokers') };
    const cluster = await services(['start', 'kafka-cluster', '--dir', dir], one);
    expect(cluster).toMatchObject({ code: 1, stdout: '' });
    expect(cluster.stderr).toContain('knows 1 of 3 brokers');
  });
});

describe('scripts/kafka-consumer-groups.sh', START, () => {
  const server = ['--bootstrap-server', inject('kafkaBrokers')];
  const topic = `services-spec-${randomUUID()}`;

  it('prints the table of a group and nothing else', async () => {
    const create = ['org.apache.kafka.tools.TopicCommand', ...server, '--create', '--topic', topic];
    expect(await runScript('kafka-tool.sh', create)).toMatchObject({ code: 0, stderr: '' });
    // A group without consumers: its offsets are set by hand.
    const group = [...server, '--group', topic];
    const reset = [...group, '--topic', topic, '--reset-offsets', '--to-earliest', '--execute'];
    expect((await runScript('kafka-consumer-groups.sh', reset)).code).toBe(0);

    const { code, stdout } = await runScript('kafka-consumer-groups.sh', [...group, '--describe']);
    expect(code).toBe(0);
    const [header, row, ...more] = stdout.trim().split('\n');
    expect(header).toMatch(/^GROUP +TOPIC +PARTITION +CURRENT-OFFSET +LOG-END-OFFSET +LAG /);
    expect(row?.split(/ +/).slice(0, 6)).toEqual([topic, topic, '0', '0', '0', '0']);
    expect(more).toEqual([]);
  });

  it('says what it needs where no class is named', async () => {
    expect(await runScript('kafka-tool.sh', [])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('scripts/kafka-tool.sh CLASS'),
    });
  });
});

describe('a cluster of three brokers', START, () => {
  let dir: string;
  let cluster: Awaited<ReturnType<typeof startServices>>;
  beforeAll(async () => {
    dir = await makeDirectory();
    cluster = await startServices(['kafka-cluster'], dir);
  }, START.timeout);
  afterAll(() => cluster.stop());

  it('serves on when one is killed, and takes it back when it is started again', async () => {
    const brokers = cluster.nodes['kafka-cluster']!;
    const [first, second, third] = brokers as [ServiceNode, ...ServiceNode[]];
    const addresses = brokers.map(({ port }) => `127.0.0.1:${port}`);
    expect(cluster.urls['kafka-cluster']).toBe(addresses.join(','));
    for (const address of addresses) expect(await nodesKnownTo(address)).toEqual([1, 2, 3]);

    const before = first.pid;
    await first.kill();
    await expect(kafkaMetadata(addresses[0]!)).rejects.toThrow('ECONNREFUSED');
    const status = await services(['status', 'kafka-cluster', '--dir', dir]);
    expect(status).toMatchObject({ code: 3, stdout: expect.stringContaining('partly up') });
    expect(status.stdout).toContain(`pid ${second?.pid}, ${third?.pid} `);
    // Its session ends after 4 s, and the controllers may have to elect a leader first.
    for (const address of addresses.slice(1))
      await vi.waitFor(async () => expect(await nodesKnownTo(address)).toEqual([2, 3]), { timeout: 20_000 });

    await first.start();
    expect(first.pid).not.toBe(before);
    for (const address of addresses) expect(await nodesKnownTo(address)).toEqual([1, 2, 3]);
  });
});
