import { Logger } from '@nestjs/common';

/** Writes down what nobody caught before it ends the process, as it does anyhow. */
export function reportCrash(): void {
  process.on('uncaughtExceptionMonitor', (err) => {
    new Logger('Start').fatal({ message: 'an uncaught exception ends this process', err });
  });
}
