/** Beyond, the image has grown by something that does not belong into it. Without Node itself, but with Debian. */
export const MOST_MB = 300;

/**
 * Megabytes (of a million bytes) of what an image has, by directory.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} tag
 * @returns {Promise<{ product: Record<string, number>, whole: number, node: number }>}
 */
export async function sizesOf(engine, tag) {
  // One by one: du counts nothing twice.
  const measure =
    'du -sb /app/*; du -xsb /; du -sb /usr/local; du -sb /app/node_modules/* /app/node_modules/@*/* | sort -rn | head -8';
  const output = await engine.run(
    'run',
    '--rm',
    '--no-healthcheck',
    '--user',
    '0',
    '--entrypoint',
    'sh',
    tag,
    '-c',
    measure,
  );
  /** @type {Record<string, number>} */
  const all = {};
  for (const [, bytes, directory] of output.matchAll(/^(\d+)\s+(\S+)$/gm))
    all[directory ?? ''] = Math.round(Number(bytes) / 1e5) / 10;
  const { '/': whole = NaN, '/usr/local': node = NaN, ...product } = all;
  return { product, whole, node };
}
