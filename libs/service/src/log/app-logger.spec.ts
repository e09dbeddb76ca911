import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LogLevel } from '@fraud/platform';
import { AppLogger } from './app-logger.js';
import { jsonLines } from './json-lines.js';

/** A JSON log, and its lines. */
function jsonLog(LOG_LEVEL: LogLevel = 'debug') {
  const written: string[] = [];
  const to = { write: (line: string) => void written.push(line) };
  const logger = new AppLogger({ LOG_LEVEL, LOG_FORMAT: 'json' }, jsonLines(LOG_LEVEL, to));
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the JSON log', () => {
  it('has one object a line: level, moment, context, message and whatever belongs to it', () => {
    const { logger, lines } = jsonLog();
    logger.warn({ message: 'refused', request_id: 'r-1', status: 409, trace_id: undefined }, 'Api');
    logger.error(new Error('boom'), 'Api');
    logger.error('broke', 'Error: broke\n    at here', 'Api');
    expect(lines()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        context: 'Api',
        message: 'refused',
        request_id: 'r-1',
        status: 409,
      },
      expect.objectContaining({
        level: 'error',
        message: 'boom',
        error: 'boom',
        stack: expect.stringContaining('app-logger.spec') as string,
      }),
      expect.objectContaining({ message: 'broke', stack: 'Error: broke\n    at here' }),
    ]);
  });

  it('keeps fields of a person and card numbers out, wherever they stand', () => {
    const { logger, lines } = jsonLog();
    logger.error({
      message: 'cannot read 4111111111111111',
      card_id: 'card-7f3a91',
      transaction: { card_id: 'card-7f3a91', amount: 1, inner: { ip: '198.51.100.7' } },
      err: new Error('at redis://user:secret@host'),
    });
    const line = JSON.stringify(lines());
    expect(line).not.toMatch(/4111|7f3a91|198\.51|secret/);
    expect(lines()[0]).toMatchObject({ card_id: '[redacted]', transaction: { amount: 1 } });
  });

  it.each([
    ['debug', ['debug', 'debug', 'info', 'warn', 'error', 'fatal']],
    ['info', ['info', 'warn', 'error', 'fatal']],
    ['warn', ['warn', 'error', 'fatal']],
    ['error', ['error', 'fatal']],
  ] as const)('of level %s has %j', (level, expected) => {
    const { logger, lines } = jsonLog(level);
    logger.verbose('x');
    logger.debug('x');
    logger.log('x');
    logger.warn('x');
    logger.error('x');
    logger.fatal('x');
    expect(lines().map((line) => line['level'])).toEqual(expected);
  });

  it('leaves out the framework’s account of its own start, but for debugging', () => {
    const [usual, debugging] = [jsonLog('info'), jsonLog('debug')];
    for (const { logger } of [usual, debugging]) logger.log('mapped a route', 'RouterExplorer');
    expect([usual.lines().length, debugging.lines().length]).toEqual([0, 1]);
  });
});

describe('the text log', () => {
  afterEach(() => vi.restoreAllMocks());

  it('says the same to people, with as little of persons', () => {
    let written = '';
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        written += String(text);
        return true;
      });
    }
    const logger = new AppLogger({ LOG_LEVEL: 'info', LOG_FORMAT: 'text' });
    logger.error({
      message: 'cannot read 4111111111111111',
      request_id: 'r-1',
      ip: '198.51.100.7',
      transaction: { device_id: 'd-9', amount: 1 },
      trace_id: undefined,
      err: new Error('boom'),
    });
    logger.debug('not at this level');
    vi.restoreAllMocks();
    expect(written).toContain('cannot read [redacted] request_id=r-1 ip=[redacted]');
    expect(written).toContain('{"device_id":"[redacted]","amount":1}');
    expect(written).toMatch(/Error: boom\n +at /);
    expect(written).not.toMatch(/trace_id|not at this level|198\.51|d-9/);
  });
});
