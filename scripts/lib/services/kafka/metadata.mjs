import net from 'node:net';

const TIMEOUT_MS = 2_000;
const METADATA = 3;
/** The lowest version with a controller in the answer; every Kafka since 0.10 speaks it. */
const VERSION = 1;

/** @typedef {{ node: number, host: string, port: number }} Broker */
/** @typedef {{ brokers: Broker[], controller: number }} Metadata controller: a node, -1 while there is none */

/**
 * What one broker knows of its cluster, over a plain socket: this must work before any dependency is installed.
 * @param {string} address host:port
 * @returns {Promise<Metadata>} rejects with the reason
 */
export function kafkaMetadata(address) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(`kafka://${address}`);
    const socket = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 9092) });
    let received = Buffer.alloc(0);
    const fail = (/** @type {string} */ reason) => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(`no answer within ${TIMEOUT_MS} ms`));
    socket.once('error', (error) => fail(error.message || 'connection refused'));
    socket.once('close', () => reject(new Error('the connection was closed without an answer')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      try {
        resolve(parseMetadata(received.subarray(4)));
        socket.destroy();
      } catch {
        fail('the answer is not that of a Kafka broker');
      }
    });
    socket.write(metadataRequest());
  });
}

/**
 * Rejects until enough brokers answer and each of those knows at least as many, and a controller. Of a list that
 * names more addresses than brokers are expected, the rest may be silent, as for any client.
 * @param {string} list host:port, comma-separated
 * @param {number} expected brokers
 */
export async function probeKafka(list, expected) {
  const answers = await Promise.allSettled(
    list.split(',').map((address) => readyBroker(address.trim(), expected)),
  );
  const ready = answers.filter(({ status }) => status === 'fulfilled').length;
  if (ready >= Math.min(expected, answers.length)) return;
  throw answers.find((answer) => answer.status === 'rejected')?.reason;
}

/** @param {string} address @param {number} expected */
async function readyBroker(address, expected) {
  const { brokers, controller } = await kafkaMetadata(address);
  if (brokers.length < expected) throw new Error(`${address} knows ${brokers.length} of ${expected} brokers`);
  if (controller < 0) throw new Error(`${address} knows no controller`);
}

/** Asks for no topic (an empty array; null would be all of them). */
function metadataRequest() {
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(VERSION, 6);
  // The correlation id stays 0: there is one request on the connection.
  request.writeInt16BE(-1, 12); // no client id
  return request;
}

/** @param {Buffer} answer without its length @returns {Metadata} */
function parseMetadata(answer) {
  let at = 4; // behind the correlation id
  const int32 = () => answer.readInt32BE((at += 4) - 4);
  const string = () => {
    const length = answer.readInt16BE((at += 2) - 2);
    return length < 0 ? '' : answer.toString('utf8', at, (at += length));
  };
  const brokers = Array.from({ length: int32() }, () => {
    const broker = { node: int32(), host: string(), port: int32() };
    string(); // the rack
    return broker;
  });
  return { brokers, controller: int32() };
}
