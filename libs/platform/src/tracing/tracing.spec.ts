import { describe, expect, it } from 'vitest';
import { openTracing, wantsTraces } from './tracing.js';

describe('traces', () => {
  it.each<[boolean, Record<string, string>]>([
    [false, {}],
    [false, { OTEL_SERVICE_NAME: 'fraud', OTEL_TRACES_SAMPLER: 'always_on' }],
    [false, { OTEL_TRACES_EXPORTER: '' }],
    [true, { OTEL_TRACES_EXPORTER: 'otlp' }],
    [true, { OTEL_TRACES_EXPORTER: 'console' }],
    [true, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }],
    [true, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }],
    [true, { OTEL_CONFIG_FILE: 'otel.yaml' }],
    [false, { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }],
    [false, { OTEL_SDK_DISABLED: 'true', OTEL_TRACES_EXPORTER: 'otlp' }],
    [false, { OTEL_SDK_DISABLED: 'TRUE', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }],
  ])('are wanted (%s) where the environment is %j', (wanted, env) => {
    expect(wantsTraces(env)).toBe(wanted);
  });

  it('that nobody wants load nothing', async () => {
    const options = { service: 'fraud-detection', version: '1', onTrouble: () => undefined };
    expect(await openTracing(options, {})).toBeNull();
  });
});
