import net from 'node:net';

const TIMEOUT_MS = 2_000;
/** Protocol 3.0. */
const PROTOCOL = 196_608;
/** It wants to know who asks: it is there. */
const NOT_AUTHORISED = '28';

/**
 * Opens a session as far as the first word of the server, over the wire protocol: this must work before any dependency
 * is installed. @param {string} text postgres://user@host:port/database
 * @returns {Promise<void>} rejects with the reason
 */
export function pingPostgres(text) {
  return new Promise((resolve, reject) => {
    const url = new URL(text);
    const socket = net.connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 5432),
    });
    let reply = Buffer.alloc(0);
    const fail = (/** @type {string} */ reason) => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(`no answer within ${TIMEOUT_MS} ms`));
    socket.once('error', (error) => fail(error.message || 'connection refused'));
    socket.once('close', () => reject(new Error('the connection was closed without an answer')));
    socket.on('data', (/** @type {Buffer} */ chunk) => {
      reply = Buffer.concat([reply, chunk]);
      const error = errorIn(reply);
      if (error && !error.code.startsWith(NOT_AUTHORISED)) fail(error.message);
      if (error || reply[0] === 'R'.charCodeAt(0)) {
        socket.destroy();
        resolve();
      }
    });
    socket.write(startup(decodeURIComponent(url.username), decodeURIComponent(url.pathname.slice(1))));
  });
}

/** @param {string} user @param {string} database */
function startup(user, database) {
  const words = ['user', user || 'postgres', 'database', database || user || 'postgres', ''];
  const body = Buffer.from(`${words.join('\0')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, body]);
}

/**
 * A message of type E: fields of one letter and a text each, ended by zeros.
 * @param {Buffer} reply
 * @returns {{ code: string, message: string } | undefined} undefined as long as it is not all there
 */
function errorIn(reply) {
  if (reply[0] !== 'E'.charCodeAt(0) || reply.length < 5) return undefined;
  const length = reply.readInt32BE(1);
  if (reply.length < 1 + length) return undefined;
  const fields = reply.toString('utf8', 5, 1 + length).split('\0');
  const field = (/** @type {string} */ letter) =>
    fields.find((one) => one.startsWith(letter))?.slice(1) ?? '';
  return { code: field('C'), message: field('M') };
}
