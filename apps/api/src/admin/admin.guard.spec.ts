import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../errors/problem-error.js';
import { AdminGuard, hasAdmin, isLoopback } from './admin.guard.js';

const TOKEN = 'a-token-of-the-administrator';

function request(remoteAddress: string, hostname: string, authorization?: string): ExecutionContext {
  const made = { socket: { remoteAddress }, hostname, headers: { authorization } };
  return { switchToHttp: () => ({ getRequest: () => made }) } as unknown as ExecutionContext;
}

function codeOf(guard: AdminGuard, context: ExecutionContext): string {
  try {
    return guard.canActivate(context) ? 'in' : 'out';
  } catch (error) {
    return (error as ProblemError).problem.code;
  }
}

describe('loopback', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '[::1]', 'localhost', '::ffff:127.0.0.1'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'localhost.example.com', '128.0.0.1', ''])(
    'is not %s',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('administrative routes', () => {
  it('exist with a token, or on loopback alone', () => {
    expect(hasAdmin({ ADMIN_TOKEN: undefined, HOST: '127.0.0.1' })).toBe(true);
    expect(hasAdmin({ ADMIN_TOKEN: TOKEN, HOST: '0.0.0.0' })).toBe(true);
    expect(hasAdmin({ ADMIN_TOKEN: undefined, HOST: '0.0.0.0' })).toBe(false);
  });

  it('without a token take who is on this machine and names it', () => {
    const guard = new AdminGuard({ ADMIN_TOKEN: undefined });
    expect(codeOf(guard, request('127.0.0.1', 'localhost'))).toBe('in');
    expect(codeOf(guard, request('10.0.0.9', '127.0.0.1'))).toBe('not_found');
    expect(codeOf(guard, request('127.0.0.1', 'rebound.example.com'))).toBe('not_found');
  });

  it('with a token take the token alone, from wherever', () => {
    const guard = new AdminGuard({ ADMIN_TOKEN: TOKEN });
    expect(codeOf(guard, request('10.0.0.9', 'fraud.example.com', `Bearer ${TOKEN}`))).toBe('in');
    const refused = [
      undefined,
      '',
      TOKEN,
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
      `Basic ${TOKEN}`,
      'Bearer ',
    ];
    for (const authorization of refused) {
      expect(codeOf(guard, request('127.0.0.1', 'localhost', authorization))).toBe('unauthorized');
    }
  });
});
