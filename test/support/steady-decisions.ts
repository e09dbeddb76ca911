import type { Decision } from '@fraud/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { aTransaction, post } from './transactions.js';

const EVERY_MS = 20;

/** What one instance answered, one transaction after another. */
export interface SteadyDecisions {
  /** Asks no more. @returns how many answers there were of each kind, as `<status> <source> <model>` */
  stop(): Promise<Readonly<Record<string, number>>>;
}

/** Sends transactions to an instance until it is told to stop, whatever comes of each. */
export function decideSteadily(url: string): SteadyDecisions {
  const kinds: Record<string, number> = {};
  const ending = new AbortController();
  const asking = (async () => {
    while (!ending.signal.aborted) {
      const kind = await kindOfAnswer(url);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      await sleep(EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await asking;
      return kinds;
    },
  };
}

async function kindOfAnswer(url: string): Promise<string> {
  try {
    const answer = await post(`${url}/v1/decisions`, aTransaction());
    const { source, degraded, versions } = (await answer.json()) as Decision;
    return [answer.status, source, versions.model, ...degraded].join(' ');
  } catch (error) {
    return String(error);
  }
}
