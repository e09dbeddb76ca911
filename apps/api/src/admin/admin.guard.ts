import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { Config } from '@fraud/platform';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an address, or a name of one, is this machine alone. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (address === 'localhost') return true;
  const family = isIP(address);
  if (family === 0) return false;
  return LOOPBACK.check(
    address.replace(/^::ffff:(?=\d+\.)/, ''),
    /^::ffff:\d+\.|^[\d.]+$/.test(address) ? 'ipv4' : 'ipv6',
  );
}

/** Where the guard finds its settings. */
export const ADMIN_SETTINGS = Symbol('ADMIN_SETTINGS');

/** Whether this process has administrative routes at all. */
export const hasAdmin = ({ ADMIN_TOKEN, HOST }: Pick<Config, 'ADMIN_TOKEN' | 'HOST'>): boolean =>
  ADMIN_TOKEN !== undefined || isLoopback(HOST);

/**
 * Lets an administrator in: who has ADMIN_TOKEN; without one, who is on this machine, and says so (a page in a browser
 * that resolves a name of its own to this machine does not).
 */
@Injectable()
export class AdminGuard implements CanActivate {
  private readonly expected: Buffer | null;

  constructor(@Inject(ADMIN_SETTINGS) { ADMIN_TOKEN }: Pick<Config, 'ADMIN_TOKEN'>) {
    this.expected = ADMIN_TOKEN === undefined ? null : digest(ADMIN_TOKEN);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.expected === null) {
      const { remoteAddress = '' } = request.socket;
      if (isLoopback(remoteAddress) && isLoopback(request.hostname)) return true;
      throw new ProblemError('not_found');
    }
    const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), this.expected)) return true;
    throw new ProblemError('unauthorized');
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
