import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './index.js';

const errorOf = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'no ConfigError';
};

describe('loadConfig', () => {
  it('starts embedded, on loopback, with nothing set', () => {
    expect(loadConfig({})).toMatchObject({
      PORT: 8000,
      HOST: '127.0.0.1',
      FEATURE_STORE: 'memory',
      REDIS_URL: undefined,
      LATENCY_BUDGET_MS: undefined,
    });
  });

  it('takes Redis as soon as its URL is set', () => {
    expect(loadConfig({ REDIS_URL: 'redis://h:1' }).FEATURE_STORE).toBe('redis');
    expect(loadConfig({ REDIS_URL: 'redis://h:1', FEATURE_STORE: 'memory' }).FEATURE_STORE).toBe('memory');
  });

  it('is frozen', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: '' })).toMatchObject({ PORT: 8000, FEATURE_STORE: 'memory' });
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['LATENCY_BUDGET_MS', '0'],
    ['FEATURE_STORE', 'mongodb'],
    ['LOG_LEVEL', 'verbose'],
    ['PORT', ' '],
    ['PORT', '0x4790'],
    ['PORT', '1.8e4'],
    ['HOST', ' '],
    ['MODEL_URI', ' '],
    ['MODEL_MAX_BYTES', '64MB'],
    ['MODEL_FETCH_TIMEOUT_MS', '0'],
    ['AWS_ENDPOINT_URL', 'localhost:9000'],
    ['AWS_REGION', 'eu central'],
  ])('names %s, its value %s and what was expected', (name, value) => {
    expect(errorOf({ [name]: value })).toMatch(new RegExp(`^${name} is "${value}": expected .+`));
  });

  it('names every wrong setting at once', () => {
    expect(errorOf({ PORT: 'x', LOG_LEVEL: 'y' }).split('\n')).toHaveLength(2);
  });

  it('does not print a URL that may carry a password', () => {
    expect(errorOf({ REDIS_URL: 'http://user:secret@h' })).toMatch(/^REDIS_URL is .*expected redis:/);
    expect(errorOf({ REDIS_URL: 'http://user:secret@h' })).not.toContain('secret');
  });

  it.each([
    'redis://h:notaport',
    'redis://h:99999',
    'redis://:sec%zzret@h',
    'redis://h/two',
    'h:6379',
    'http://h',
  ])('refuses the Redis URL %s', (url) => {
    expect(errorOf({ REDIS_URL: url })).toContain(
      'REDIS_URL is a value that is not shown: expected redis://',
    );
  });

  it.each(['redis://h', 'redis://h:1/15', 'rediss://user:p%40ss@h:1', 'redis://[::1]:6379/'])(
    'takes the Redis URL %s',
    (url) => {
      expect(loadConfig({ REDIS_URL: url }).REDIS_URL).toBe(url);
    },
  );

  it.each([{ REDIS_SENTINELS: 'a:26379,b:26379' }, { REDIS_CLUSTER_NODES: '[::1]:7000,127.0.0.1:7001' }])(
    'takes Redis by %o, too',
    (env) => {
      expect(loadConfig(env)).toMatchObject({
        ...env,
        FEATURE_STORE: 'redis',
        REDIS_MASTER_NAME: 'mymaster',
      });
    },
  );

  it.each(['a', 'a:', 'a:70000', 'a:1;b:2', 'redis://a:1', '::1:7000'])(
    'refuses the address %s',
    (address) => {
      expect(errorOf({ REDIS_CLUSTER_NODES: address })).toMatch(
        /^REDIS_CLUSTER_NODES is .*expected host:port/,
      );
    },
  );

  it('takes its state from one Redis, not from two', () => {
    expect(errorOf({ REDIS_URL: 'redis://h:1', REDIS_SENTINELS: 'a:1' })).toBe(
      'REDIS_URL and REDIS_SENTINELS are set: expected one of them',
    );
  });

  it.each(['REDIS_PASSWORD', 'REDIS_SENTINEL_PASSWORD'])('does not print %s', (name) => {
    expect(errorOf({ [name]: ' ' })).toBe(`${name} is a value that is not shown: expected a password`);
  });

  it('does not start a Redis store without a Redis', () => {
    expect(errorOf({ FEATURE_STORE: 'redis' })).toContain('REDIS_URL');
  });
});
