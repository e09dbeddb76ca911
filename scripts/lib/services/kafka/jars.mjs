import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../failure.mjs';
import { withLock } from '../../lock.mjs';
import { inRoot } from '../../paths.mjs';
import { withProgress } from '../../progress.mjs';
import { copyDependencies, mavenAdvice, pomOf, whyNoMaven } from '../maven.mjs';
import { findJava, installJava, javaAdvice } from './java.mjs';

const VERSION = '4.3.1';
const POM = pomOf([
  `org.apache.kafka:kafka_2.13:${VERSION}`,
  `org.apache.kafka:kafka-tools:${VERSION}`,
  'org.apache.logging.log4j:log4j-slf4j-impl:2.25.4',
]);
const CACHE = inRoot('.cache/kafka');
const LOG4J = fileURLToPath(new URL('log4j2.properties', import.meta.url));

/** Kafka as jars on a Java: those of KAFKA_HOME, else of the cache, where Maven brings them. @type {import('../registry.mjs').Installation} */
export const kafkaJars = {
  missing: `no Kafka ${VERSION} in .cache/kafka, none named by KAFKA_HOME`,
  advice: `${javaAdvice} and ${mavenAdvice}`,
  find,
  install,
};

/** @returns {Promise<import('../registry.mjs').Launcher | undefined>} */
async function find() {
  const lib = jarsOfHome(process.env.KAFKA_HOME) ?? jarsOfCache();
  const java = lib && (await findJava());
  if (!java) return undefined;
  return { program: java, arguments: ['-cp', path.join(lib, '*'), `-Dlog4j2.configurationFile=${LOG4J}`] };
}

/**
 * The jars of an unpacked Kafka.
 * @param {string | undefined} home
 */
export function jarsOfHome(home) {
  if (!home) return undefined;
  const lib = path.join(home, 'libs');
  if (existsSync(lib) && readdirSync(lib).some((name) => name.startsWith('kafka-clients-4.'))) return lib;
  throw new Failure(
    `KAFKA_HOME names no Kafka 4 (${path.join(lib, 'kafka-clients-4.…')} is not there)`,
    'let it name the directory that holds libs/, or unset it to have Kafka fetched',
  );
}

/** The pom is written with the jars and lies beside them: another pom, other jars. */
function jarsOfCache() {
  const directory = path.join(CACHE, VERSION);
  const pom = path.join(directory, 'pom.xml');
  return existsSync(pom) && readFileSync(pom, 'utf8') === POM ? path.join(directory, 'lib') : undefined;
}

/** One at a time in this repository; the second finds what the first has brought. @returns {Promise<string | undefined>} */
function install() {
  return withLock(path.join(CACHE, 'install.lock'), async () => {
    const noJava = (await findJava()) ? undefined : await installJava();
    if (noJava) return noJava;
    if (jarsOfHome(process.env.KAFKA_HOME) ?? jarsOfCache()) return undefined;
    return (await whyNoMaven()) ?? (await fetchJars());
  });
}

/** Whole or not at all: the directory gets its name when everything is in it. @returns {Promise<string | undefined>} */
async function fetchJars() {
  const fresh = path.join(CACHE, `${VERSION}.new`);
  rmSync(fresh, { recursive: true, force: true });
  const trouble = await withProgress(`Fetching Kafka ${VERSION} with Maven (55 MB, once)`, () =>
    copyDependencies(POM, fresh),
  );
  if (trouble) return trouble;
  rmSync(path.join(CACHE, VERSION), { recursive: true, force: true });
  renameSync(fresh, path.join(CACHE, VERSION));
  return undefined;
}
