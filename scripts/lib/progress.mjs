const LINE_EVERY_MS = 10_000;
const TICK_EVERY_MS = 1_000;

/** All progress goes to stderr: stdout belongs to the program that is started. @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {number} milliseconds */
export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Shows that long work is going on: a counting line on a terminal, a line every ten seconds elsewhere.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(label, work) {
  const terminal = process.stderr.isTTY;
  const began = Date.now();
  if (!terminal) say(`${label} …`);
  const timer = setInterval(
    () => {
      const elapsed = Math.round((Date.now() - began) / 1000);
      process.stderr.write(terminal ? `\r\u001B[K${label} … ${elapsed} s` : `${label} … ${elapsed} s\n`);
    },
    terminal ? TICK_EVERY_MS : LINE_EVERY_MS,
  );
  const end = (/** @type {string} */ word) => {
    clearInterval(timer);
    say(`${terminal ? '\r\u001B[K' : ''}${label}: ${word} after ${seconds(Date.now() - began)}`);
  };
  try {
    const result = await work();
    end('done');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  }
}
