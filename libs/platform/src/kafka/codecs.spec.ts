import fc from 'fast-check';
import kafkajs from './kafkajs.js';
import snappy from 'snappy';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCodecs } from './codecs.js';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const { CompressionCodecs, CompressionTypes } = kafkajs;

beforeAll(registerCodecs);

describe.each(['Snappy', 'LZ4', 'ZSTD'] as const)('%s', (name) => {
  const codec = (): Codec => (CompressionCodecs[CompressionTypes[name]] as () => Codec)();

  it('gives back what went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(await codec().decompress(await codec().compress({ buffer }))).toEqual(buffer);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses nonsense', async () => {
    await expect(codec().decompress(Buffer.from('this is not compressed, whoever says so'))).rejects.toThrow(
      /./,
    );
  });
});

describe('snappy', () => {
  const codec = (): Codec => (CompressionCodecs[CompressionTypes.Snappy] as () => Codec)();

  it('reads several framed blocks, as snappy-java writes them, and a block without frames', async () => {
    const one = Buffer.from('a'.repeat(40_000));
    const two = Buffer.from('b'.repeat(7));
    const framed = await codec().compress({ buffer: one });
    const second = await codec().compress({ buffer: two });
    expect(await codec().decompress(Buffer.concat([framed, second.subarray(16)]))).toEqual(
      Buffer.concat([one, two]),
    );
    expect(await codec().decompress(await snappy.compress(one))).toEqual(one);
  });
});
