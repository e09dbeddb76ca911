import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { brokerSettings, newClusterId, serverProperties } from './configuration.mjs';

const place = (node: number) => ({ node, ports: [node * 10, node * 10 + 1], data: `/data/${node}`, log: '' });

function settingsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
}

describe('the configuration of a broker', () => {
  it('lets the nodes of a cluster find each other, on 127.0.0.1 alone', () => {
    const places = [1, 2, 3].map(place);
    const settings = settingsOf(serverProperties(places[1]!, places, '/data/2/topics'));
    expect(settings).toMatchObject({
      'node.id': '2',
      'controller.quorum.voters': '1@127.0.0.1:11,2@127.0.0.1:21,3@127.0.0.1:31',
      listeners: 'PLAINTEXT://127.0.0.1:20,CONTROLLER://127.0.0.1:21',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:20',
      'log.dirs': '/data/2/topics',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'broker.session.timeout.ms': '4000',
    });
  });

  it('asks a single broker for no more copies than it can make', () => {
    const settings = brokerSettings(1);
    const copies = Object.entries(settings).filter(([name]) =>
      /replication\.factor|min\.(isr|insync)/.test(name),
    );
    expect(copies).toHaveLength(8 - 1);
    expect(new Set(copies.map(([, value]) => value))).toEqual(new Set([1]));
  });

  it('never creates a topic by accident', () => {
    for (const nodes of [1, 3]) expect(brokerSettings(nodes)['auto.create.topics.enable']).toBe(false);
  });

  it('is the same in a container', () => {
    const file = readFileSync(new URL('../compose.yaml', import.meta.url), 'utf8');
    const { environment } = (parse(file) as { services: { kafka: { environment: Record<string, unknown> } } })
      .services.kafka;
    for (const [name, value] of Object.entries(brokerSettings(1))) {
      const variable = `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`;
      expect(`${variable}=${String(environment[variable])}`).toBe(`${variable}=${value}`);
    }
  });

  it('escapes what a properties file would read otherwise', () => {
    expect(serverProperties(place(1), [place(1)], String.raw`C:\topics`)).toContain(
      String.raw`log.dirs=C:\\topics`,
    );
  });

  it('gives each cluster an id of its own that is no option', () => {
    const ids = Array.from({ length: 200 }, newClusterId);
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) expect(id).toMatch(/^[A-Za-f][\w-]{21}$/);
  });
});
