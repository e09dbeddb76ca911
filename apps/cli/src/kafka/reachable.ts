import { once } from 'node:events';
import { connect } from 'node:net';

const WITHIN_MS = 3000;

/**
 * Resolves when one of the brokers takes a connection. The client would ask again and again for ten seconds.
 * @param brokers as in KAFKA_BROKERS: `host:port`, comma-separated
 * @throws the failure of the first where none does
 */
export async function reachable(brokers: string): Promise<void> {
  try {
    await Promise.any(brokers.split(',').map(touch));
  } catch (error) {
    throw (error as AggregateError).errors[0];
  }
}

async function touch(broker: string): Promise<void> {
  const at = broker.lastIndexOf(':');
  const host = broker.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(broker.slice(at + 1)) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(WITHIN_MS) });
  } finally {
    // Also of a later failure nobody wants to hear.
    socket.on('error', () => undefined).destroy();
  }
}
