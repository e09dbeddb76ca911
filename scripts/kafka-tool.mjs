import { runChild } from './lib/child.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { kafkaJars } from './lib/services/kafka/jars.mjs';
import { findOrInstall } from './lib/services/source.mjs';

/** Runs a command-line tool of Kafka: one of its classes, with all arguments passed on. */
await runMain(async () => {
  const [tool, ...args] = process.argv.slice(2);
  if (!tool)
    throw new Failure('no class was given', 'scripts/kafka-tool.sh CLASS [argument …]', { exitCode: 2 });
  const { launcher, trouble } = await findOrInstall(kafkaJars);
  if (!launcher) throw new Failure(`there is no Kafka to run: ${trouble}`, kafkaJars.advice);
  // A tool ends before the second compiler would be of use to it.
  const java = [...launcher.arguments, '-Xmx256m', '-XX:TieredStopAtLevel=1', tool, ...args];
  const { code } = await runChild(launcher.program, java, { inherit: true, cwd: process.cwd() });
  return code;
});
