import { openTracing, type Tracing } from '@fraud/platform';
import { Logger } from '@nestjs/common';

/**
 * Traces as the OTEL_ variables say; null where they say nothing.
 * @param service the name of the service where these name none
 */
export function startTracing(service: string, version: string): Promise<Tracing | null> {
  const logger = new Logger('Tracing');
  return openTracing({
    service,
    version,
    onTrouble: (message) => {
      logger.warn(`traces do not arrive: ${message}`);
    },
  });
}
