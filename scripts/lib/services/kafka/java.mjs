import path from 'node:path';
import { runChild } from '../../child.mjs';
import { aptInstall, whyNoApt } from '../apt.mjs';
import { findProgram } from '../program.mjs';

/** What Kafka 4 needs. */
const MINIMUM = 17;
/** Debian 12 has the first; where it does not exist, the second is a later one. */
const PACKAGES = ['openjdk-17-jre-headless', 'default-jre-headless'];

export const javaAdvice = `install Java ${MINIMUM} or newer (sudo apt-get install ${PACKAGES[0]})`;

/** A Java that is new enough: that of JAVA_HOME, else the one on the PATH. @returns {Promise<string | undefined>} */
export async function findJava() {
  const home = process.env.JAVA_HOME;
  const candidates = [home && path.join(home, 'bin', 'java'), findProgram('java')];
  for (const java of candidates) {
    if (java && (await majorOf(java)) >= MINIMUM) return java;
  }
  return undefined;
}

/** @returns {Promise<string | undefined>} why there is still none */
export async function installJava() {
  let trouble = whyNoApt();
  if (trouble) return `no Java ${MINIMUM} or newer, and ${trouble}`;
  for (const name of PACKAGES) {
    trouble = await aptInstall(name);
    if (!trouble) return undefined;
  }
  return trouble;
}

/** @param {string} java @returns {Promise<number>} 0 where it is none */
async function majorOf(java) {
  try {
    return javaMajor((await runChild(java, ['-version'])).output);
  } catch {
    return 0;
  }
}

/** @param {string} output of `java -version`; before Java 9 the version began with "1." */
export function javaMajor(output) {
  return Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1] ?? 0);
}
