import { DecisionClient } from './decision-client.js';
import type { LoadTarget } from './load-target.js';

/**
 * The HTTP API.
 * @throws UserError when nothing answers at the address
 */
export async function httpTarget(url: string, connections: number): Promise<LoadTarget> {
  const client = new DecisionClient(url, connections);
  try {
    await client.requireServer();
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    words: {
      latency: 'Latency, from the moment each was due',
      shed: 'Not sent because the server was too far behind',
      hint: ` by ${url}`,
    },
    mostUnderWay: 20_000,
    workers: connections,
    decide: (transaction) => client.decide(transaction),
    status: () => '',
    close: () => client.close(),
  };
}
