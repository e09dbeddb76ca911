import { ModelRefused } from '@fraud/model';
import { ConfigError, logFormatOf } from '@fraud/platform';
import { RecordsLocked } from '@fraud/records';
import { jsonLines } from '../log/json-lines.js';
import { redact } from '../log/redact.js';

/** What to do where listening fails, by the system's error code. */
function listenAdvice(code: string | undefined, port: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `Another process listens there: set ${port} to a free one, or 0 for any.`;
    case 'EADDRNOTAVAIL':
      return 'HOST is not an address of this machine: set it to 127.0.0.1, or 0.0.0.0 for all.';
    case 'ENOTFOUND':
      return 'HOST is not known: set it to an address of this machine, such as 127.0.0.1.';
    case 'EACCES':
      return `${port} may not be used by this user: set it to 1024 or more.`;
    default:
      return undefined;
  }
}

/**
 * Why an application does not start, for people.
 * @param port the setting that names its port
 */
function explainStart(error: unknown, port: string): string {
  const begin = 'fraud-detection does not start';
  if (error instanceof ConfigError) return `${begin}, the configuration is wrong:\n${error.message}`;
  if (error instanceof ModelRefused)
    return `${begin}, the model was refused (${error.reason}): ${error.message}`;
  if (error instanceof RecordsLocked) return `${begin} (${error.code}): ${error.message}`;
  const advice = listenAdvice((error as NodeJS.ErrnoException).code, port);
  if (advice !== undefined) return `${begin}: ${(error as Error).message}. ${advice}`;
  return `${begin}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/**
 * Says on stderr why an application does not start, and ends the process with 1.
 * @param port the setting that names its port
 */
export function refuseStart(error: unknown, port: string): never {
  const why = explainStart(error, port);
  // The configuration may be what is wrong.
  if (logFormatOf() === 'text') process.stderr.write(`${redact(why)}\n`);
  else jsonLines('info', process.stderr).fatal({ context: 'Start' }, why);
  process.exit(1);
}
