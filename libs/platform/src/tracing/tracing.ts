import { setTimeout as sleep } from 'node:timers/promises';
import { diag, DiagLogLevel, trace, type DiagLogFunction, type Tracer } from '@opentelemetry/api';

/** What traces of this process are made by. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what has not been sent; a collector that does not answer is not waited for. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** The name of the service where neither OTEL_SERVICE_NAME nor OTEL_RESOURCE_ATTRIBUTES has one. */
  readonly service: string;
  readonly version: string;
  /** Told, at most once a minute, that spans do not arrive. Nothing waits for them. */
  readonly onTrouble: (message: string) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Any of these says that somebody wants traces. */
const WHERE_TO = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_CONFIG_FILE',
] as const;
const CLOSE_WITHIN_MS = 1000;
const SAY_EVERY_MS = 60_000;

/** Whether the environment asks for traces; other than by the specification, they are off where nothing is said. */
export function wantsTraces(env: Environment): boolean {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false;
  const exporter = env['OTEL_TRACES_EXPORTER']?.trim() ?? '';
  if (exporter === 'none') return false;
  return exporter !== '' || WHERE_TO.some((name) => (env[name] ?? '') !== '');
}

/**
 * Starts OpenTelemetry as the standard OTEL_ variables say: where to, which traces, in which name. Only then is it loaded.
 * @returns null where nobody asked for traces
 */
export async function openTracing(
  options: TracingOptions,
  env: Environment = process.env,
): Promise<Tracing | null> {
  if (!wantsTraces(env)) return null;
  const { startNodeSDK } = await import('@opentelemetry/sdk-node');
  const { service, version } = options;
  const isNamed =
    (env['OTEL_SERVICE_NAME'] ?? '') !== '' ||
    /(^|,)\s*service\.name=/.test(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '');
  const sdk = startNodeSDK({
    // Metrics are scraped and the log is written to stdout: the SDK has neither.
    metricReaders: [],
    logRecordProcessors: [],
    resourceAttributes: { 'service.version': version, ...(isNamed ? {} : { 'service.name': service }) },
  });
  diag.setLogger(troubleLogger(options.onTrouble), {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  return {
    tracer: trace.getTracer('fraud-detection', version),
    async close() {
      const sent = sdk.shutdown().catch(() => undefined);
      await Promise.race([sent, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

function troubleLogger(tell: (message: string) => void) {
  let toldAt = -Infinity;
  const trouble: DiagLogFunction = (message) => {
    const now = performance.now();
    if (now - toldAt < SAY_EVERY_MS) return;
    toldAt = now;
    tell(message);
  };
  const nothing = (): void => undefined;
  return { error: trouble, warn: trouble, info: nothing, debug: nothing, verbose: nothing };
}
