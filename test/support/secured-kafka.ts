import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { brokerSettings, newClusterId, properties } from '../../scripts/lib/services/kafka/configuration.mjs';
import { kafkaJars } from '../../scripts/lib/services/kafka/jars.mjs';
import { probeKafka } from '../../scripts/lib/services/kafka/metadata.mjs';
import { freePort } from './free-port.js';
import { until } from './until.js';

const USER = 'fraud';
const PASSWORD = 'a-broker-secret';

/** A broker that speaks TLS alone, and to nobody without a password or a certificate. */
export interface SecuredKafka {
  /** For the test itself: it asks for nothing. */
  readonly brokers: string;
  /** Settings with which the one that asks for a password can be reached. */
  readonly byPassword: Record<string, string>;
  /** Settings with which the one that asks for a certificate can be reached. */
  readonly byCertificate: Record<string, string>;
  stop(): Promise<void>;
}

const MECHANISMS = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' };

/** What KAFKA_SASL_MECHANISM may be. */
export const SASL_MECHANISMS = Object.keys(MECHANISMS);

const SCRAM = Object.values(MECHANISMS).filter((name) => name.startsWith('SCRAM'));

/** Its own authority: what is trusted is this certificate, and nothing that the system knows. */
async function certificateIn(directory: string): Promise<{ authority: string; key: string; both: string }> {
  const { cert, private: secret } = await generate([{ name: 'commonName', value: 'kafka' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7 as const, ip: '127.0.0.1' }] },
    ],
  });
  const write = (name: string, content: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, content);
    return file;
  };
  return {
    authority: write('authority.pem', cert),
    key: write('key.pem', secret),
    both: write('keystore.pem', `${secret}\n${cert}`),
  };
}

export async function startSecuredKafka(): Promise<SecuredKafka> {
  const launcher = await kafkaJars.find();
  if (launcher === undefined) throw new Error('Kafka is not installed');
  const directory = mkdtempSync(path.join(tmpdir(), 'fraud-kafka-tls-'));
  const { authority, key, both } = await certificateIn(directory);
  const [plain, password, certificate, controller] = await Promise.all(Array.from({ length: 4 }, freePort));
  const listeners = `PLAINTEXT://127.0.0.1:${plain},PASSWORD://127.0.0.1:${password},CERTIFICATE://127.0.0.1:${certificate}`;
  const login = 'org.apache.kafka.common.security';
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `${listeners},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PASSWORD:SASL_SSL,CERTIFICATE:SSL',
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': both,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authority,
    'listener.name.certificate.ssl.client.auth': 'required',
    'listener.name.password.sasl.enabled.mechanisms': Object.values(MECHANISMS).join(','),
    'listener.name.password.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${USER}="${PASSWORD}";`,
    ...Object.fromEntries(
      SCRAM.map((name) => [
        `listener.name.password.${name.toLowerCase()}.sasl.jaas.config`,
        `${login}.scram.ScramLoginModule required;`,
      ]),
    ),
    'log.dirs': path.join(directory, 'topics'),
    ...brokerSettings(1),
  };
  const file = path.join(directory, 'server.properties');
  writeFileSync(file, properties(settings));
  const users = SCRAM.flatMap((name) => ['--add-scram', `${name}=[name=${USER},password=${PASSWORD}]`]);
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', newClusterId(), '--config', file];
  await promisify(execFile)(launcher.program, [...launcher.arguments, ...format, ...users]);
  const broker = spawn(launcher.program, [...launcher.arguments, '-Xmx256m', 'kafka.Kafka', file], {
    stdio: 'ignore',
  });
  const brokers = `127.0.0.1:${plain}`;
  await until(() => {
    if (broker.exitCode !== null) throw new Error(`Kafka did not start: ${file}`);
    return probeKafka(brokers, 1).then(
      () => true,
      () => false,
    );
  }, 200);
  const tls = { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: authority };
  return {
    brokers,
    byPassword: {
      ...tls,
      KAFKA_BROKERS: `127.0.0.1:${password}`,
      KAFKA_USERNAME: USER,
      KAFKA_PASSWORD: PASSWORD,
    },
    byCertificate: {
      ...tls,
      KAFKA_BROKERS: `127.0.0.1:${certificate}`,
      KAFKA_TLS_CERT_FILE: authority,
      KAFKA_TLS_KEY_FILE: key,
    },
    stop: () => end(broker, directory),
  };
}

async function end(broker: ChildProcess, directory: string): Promise<void> {
  if (broker.exitCode === null) {
    broker.kill('SIGKILL');
    await once(broker, 'exit');
  }
  rmSync(directory, { recursive: true, force: true });
}
