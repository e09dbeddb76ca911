import net from 'node:net';
import tls from 'node:tls';

const TIMEOUT_MS = 2_000;

/**
 * One PING, with AUTH before it where the URL has a password.
 * @param {string} url redis://[user[:password]@]host[:port] or rediss://…
 * @returns {Promise<void>} rejects with the reason
 */
export async function pingRedis(url) {
  await askRedis(url, ['PING'], /^\+PONG\r\n/m);
}

/**
 * One command over the wire protocol: this must work before any dependency is installed.
 * @param {string} text redis://[user[:password]@]host[:port] or rediss://…
 * @param {readonly string[]} words
 * @param {RegExp} complete matches the reply as soon as enough of it is there
 * @returns {Promise<string>} the reply; rejects with the reason
 */
export function askRedis(text, words, complete) {
  return new Promise((resolve, reject) => {
    const url = new URL(text);
    const address = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) };
    const socket =
      url.protocol === 'rediss:'
        ? tls.connect({ ...address, servername: address.host })
        : net.connect(address);
    let reply = '';
    const fail = (/** @type {string} */ reason) => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(`no answer within ${TIMEOUT_MS} ms`));
    socket.once('error', (error) => fail(error.message || 'connection refused'));
    socket.once('close', () => reject(new Error('the connection was closed without an answer')));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      if (/^-.*\r\n/m.test(reply)) fail(reply.trim());
      if (complete.test(reply)) {
        socket.destroy();
        resolve(reply);
      }
    });
    socket.write(`${authCommand(url)}${command(words)}`);
  });
}

/** @param {URL} url */
function authCommand(url) {
  if (!url.password) return '';
  const words = [url.username, url.password].filter(Boolean).map(decodeURIComponent);
  return command(['AUTH', ...words]);
}

/** RESP: an array of bulk strings. @param {readonly string[]} words */
function command(words) {
  const bulks = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulks.join('')}`;
}
