import { ModelRefused } from '@fraud/model';
import { ConfigError, endBySignals, ENGINE_VERSION } from '@fraud/platform';
import { RecordsLocked, RecordsUnavailable } from '@fraud/records';
import { TrafficFileError } from '@fraud/traffic';
import { Command } from 'commander';
import { backtestCommand } from './commands/backtest.js';
import { bypassCommand } from './commands/bypass.js';
import { dlqCommand } from './commands/dlq.js';
import { docsCommand } from './commands/docs.js';
import { evaluateCommand } from './commands/evaluate.js';
import { featuresCommand } from './commands/features.js';
import { labelCommand } from './commands/label.js';
import { matrixCommand } from './commands/matrix.js';
import { modelsCommand } from './commands/models.js';
import { replayCommand } from './commands/replay.js';
import { recordsCommand } from './commands/records.js';
import { reproduceCommand } from './commands/reproduce.js';
import { rulesCommand } from './commands/rules.js';
import { simulateCommand } from './commands/simulate.js';
import { topicsCommand } from './commands/topics.js';
import { UserError } from './user-error.js';

const program = new Command('fraud-detection')
  .description('Tools around the fraud decision engine')
  .version(ENGINE_VERSION)
  .showHelpAfterError('(--help shows what there is)')
  .addCommand(simulateCommand())
  .addCommand(replayCommand())
  .addCommand(topicsCommand())
  .addCommand(matrixCommand())
  .addCommand(modelsCommand())
  .addCommand(backtestCommand())
  .addCommand(labelCommand())
  .addCommand(evaluateCommand())
  .addCommand(reproduceCommand())
  .addCommand(featuresCommand())
  .addCommand(recordsCommand())
  .addCommand(dlqCommand())
  .addCommand(bypassCommand())
  .addCommand(rulesCommand())
  .addCommand(docsCommand());

endBySignals();
try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  // A command may have its own word for what it could not do.
  process.exitCode ??= 1;
}

/** What the user can put right in a sentence, anything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof UserError || error instanceof TrafficFileError) return error.message;
  if (error instanceof RecordsLocked || error instanceof RecordsUnavailable) return error.message;
  if (error instanceof ConfigError) return `The configuration is wrong:\n${error.message}`;
  if (error instanceof ModelRefused) return `The model was refused (${error.reason}): ${error.message}`;
  if (error instanceof Error && 'syscall' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
