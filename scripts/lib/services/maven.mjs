import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from '../child.mjs';
import { aptInstall, whyNoApt } from './apt.mjs';
import { findProgram } from './program.mjs';

export const mavenAdvice = 'install Maven (sudo apt-get install maven)';

/** @returns {Promise<string | undefined>} why there is no Maven, after an attempt to install it */
export async function whyNoMaven() {
  if (findProgram('mvn')) return undefined;
  const noPackage = whyNoApt();
  return noPackage ? `no mvn on the PATH, and ${noPackage}` : aptInstall('maven');
}

/**
 * Puts the jars that a pom names, and all that they need, into DIRECTORY/lib, and the pom beside it.
 * @param {string} pom
 * @param {string} directory
 * @returns {Promise<string | undefined>} why it failed
 */
export async function copyDependencies(pom, directory) {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'pom.xml');
  writeFileSync(file, pom);
  const choices = [`-DoutputDirectory=${path.join(directory, 'lib')}`, '-DincludeScope=runtime'];
  const goal = ['dependency:copy-dependencies', ...choices];
  const { code, output } = await runChild(findProgram('mvn') ?? 'mvn', [
    '--batch-mode',
    '--quiet',
    '--file',
    file,
    ...goal,
  ]);
  return code === 0 ? undefined : `mvn dependency:copy-dependencies failed: ${errors(output)}`;
}

/** @param {readonly string[]} coordinates group:artifact:version */
export function pomOf(coordinates) {
  const dependencies = coordinates.map((coordinate) => {
    const [group, artifact, version] = coordinate.split(':');
    return `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>\n`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>jars</artifactId>
  <version>1</version>
  <build><plugins>
    <plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version></plugin>
  </plugins></build>
  <dependencies>
${dependencies.join('')}  </dependencies>
</project>
`;
}

/** @param {string} output */
const errors = (output) =>
  output
    .split('\n')
    .filter((line) => line.includes('ERROR'))
    .slice(0, 2)
    .join(' | ');
