import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from './kafkajs.js';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'snappy';

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/** A record batch of this size, unpacked, is no message but an attack or a mistake. */
const MOST_UNPACKED_BYTES = 128 * 1024 * 1024;

const pack = promisify(zstdCompress);
const unpack = promisify(zstdDecompress);

const zstd: Codec = {
  compress: ({ buffer }) => pack(buffer),
  decompress: (buffer) => unpack(buffer, { maxOutputLength: MOST_UNPACKED_BYTES }),
};

const lz4: Codec = {
  compress: ({ buffer }) => compressFrame(buffer),
  decompress: (buffer) => decompressFrame(buffer),
};

/** Java's producers write snappy in the frames of xerial's snappy-java: magic, two versions, then sized blocks. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER = Buffer.concat([XERIAL_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);

const xerialSnappy: Codec = {
  async compress({ buffer }) {
    const block = await snappy.compress(buffer);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(block.length);
    return Buffer.concat([XERIAL_HEADER, size, block]);
  },
  async decompress(buffer) {
    // librdkafka and others write one block without frames.
    if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return uncompressed(buffer);
    const blocks: Buffer[] = [];
    for (let at = XERIAL_HEADER.length; at < buffer.length;) {
      const size = buffer.readUInt32BE(at);
      blocks.push(await uncompressed(buffer.subarray(at + 4, at + 4 + size)));
      at += 4 + size;
    }
    return Buffer.concat(blocks);
  },
};

const uncompressed = async (block: Buffer): Promise<Buffer> =>
  (await snappy.uncompress(block, { asBuffer: true })) as Buffer;

/** kafkajs reads gzip alone, and a consumer of it ends at anything else. */
export function registerCodecs(): void {
  const { CompressionCodecs: codecs, CompressionTypes: types } = kafkajs;
  codecs[types.Snappy] = () => xerialSnappy;
  codecs[types.LZ4] = () => lz4;
  codecs[types.ZSTD] = () => zstd;
}
