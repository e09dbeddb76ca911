import type { Config } from '@fraud/platform';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';

const LEVELS: Record<Config['LOG_LEVEL'], LogLevel[]> = {
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
]);

/** The log of the application. */
export class AppLogger extends ConsoleLogger {
  constructor(private readonly level: Config['LOG_LEVEL']) {
    super({ logLevels: LEVELS[level] });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (this.level !== 'debug' && typeof context === 'string' && FRAMEWORK.has(context)) return;
    super.log(message, ...(rest as [string]));
  }
}
