import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { PERSONAL_FIELDS, redact } from './redact.js';
import { Unhurried } from './unhurried.js';

/** What writes one JSON object a line, and never waits for who reads it. */
export function jsonLines(level: string, to: DestinationStream = new Unhurried(process.stdout)): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: PERSONAL_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
      hooks: { streamWrite: redact },
    },
    to,
  );
}
