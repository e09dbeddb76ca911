import { existsSync, readFileSync } from 'node:fs';
import { METRICS } from '@fraud/platform';
import { Injectable } from '@nestjs/common';
import { collectedCounter } from './collected.js';
import { networkBytes } from './network-bytes.js';

const INTERFACES = '/proc/self/net/dev';

/** What goes over the network. There are no such metrics where the system does not say it. */
@Injectable()
export class NetworkMetrics {
  constructor() {
    if (!existsSync(INTERFACES)) return;
    const bytes = () => networkBytes(readFileSync(INTERFACES, 'utf8'));
    collectedCounter(METRICS.networkReceived, () => bytes().received);
    collectedCounter(METRICS.networkSent, () => bytes().sent);
  }
}
