import type { LogFormat, LogLevel } from '@fraud/platform';
import { ConsoleLogger, type LoggerService, type LogLevel as NestLevel } from '@nestjs/common';
import type { Logger as Pino } from 'pino';
import { jsonLines } from './json-lines.js';
import { toEntry } from './log-entry.js';
import { PERSONAL_FIELDS, redact } from './redact.js';

const LEVELS: Record<LogLevel, NestLevel[]> = {
  error: ['error', 'fatal'],
  warn: ['error', 'fatal', 'warn'],
  info: ['error', 'fatal', 'warn', 'log'],
  debug: ['error', 'fatal', 'warn', 'log', 'debug'],
};

/** The framework's account of its own start: for debugging only. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

interface LogSettings {
  readonly LOG_LEVEL: LogLevel;
  readonly LOG_FORMAT: LogFormat;
}

/** The log of an application: JSON lines, or text for people at a terminal. Which level is for what: ADR 0023. */
export class AppLogger implements LoggerService {
  private readonly json: Pino | null;
  private readonly text: ConsoleLogger;

  constructor(
    private readonly settings: LogSettings,
    json?: Pino,
  ) {
    const { LOG_LEVEL, LOG_FORMAT } = settings;
    this.json = LOG_FORMAT === 'json' ? (json ?? jsonLines(LOG_LEVEL)) : null;
    this.text = new ConsoleLogger({ logLevels: LEVELS[LOG_LEVEL] });
  }

  get debugging(): boolean {
    return this.settings.LOG_LEVEL === 'debug';
  }

  log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (!this.debugging && typeof context === 'string' && FRAMEWORK.has(context)) return;
    this.write('info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  /** @param rest as the framework gives it: perhaps a stack, and the context last */
  private write(level: keyof typeof METHODS, given: unknown, rest: readonly unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const { message, err, ...fields } = toEntry(given);
    const stack = stackOf(err) ?? (rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined);
    if (this.json === null) {
      const more = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ` ${name}=${textOf(unnamed(name, value))}`);
      const line = redact(message + more.join('') + (stack === undefined ? '' : `\n${stack}`));
      this.text[METHODS[level]](line, ...(context === undefined ? [] : [context]));
    } else
      this.json[level](
        {
          ...(context === undefined ? {} : { context }),
          ...fields,
          ...(err === undefined ? {} : { error: err instanceof Error ? err.message : textOf(err) }),
          ...(stack === undefined ? {} : { stack }),
        },
        message,
      );
  }
}

/** How the framework's console logger calls the levels. */
const METHODS = { fatal: 'fatal', error: 'error', warn: 'warn', info: 'log', debug: 'debug' } as const;

const stackOf = (err: unknown): string | undefined => (err instanceof Error ? err.stack : undefined);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, unnamed);

const PERSONAL: ReadonlySet<string> = new Set(PERSONAL_FIELDS);
const unnamed = (name: string, value: unknown): unknown => (PERSONAL.has(name) ? '[redacted]' : value);
