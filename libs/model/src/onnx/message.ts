import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** How one field is taken: once, or any number of times. */
export interface Field {
  readonly once: boolean;
  readonly wires: readonly WireType[];
  readonly take: (reader: BinaryReader, wire: WireType) => void;
}

const { Varint, Bit32, Bit64, LengthDelimited } = WireType;

/**
 * Reads one message, field by field.
 *
 * Stricter than protobuf, since ONNX Runtime's reader must not see another model than this one: a field that is not
 * known, of another wire type, or given twice where one is meant (protobuf would merge them) is an error.
 * @throws Error that names the message
 */
export function readMessage(name: string, bytes: Uint8Array, fields: ReadonlyMap<number, Field>): void {
  const reader = new BinaryReader(bytes);
  const seen = new Set<Field>();
  while (reader.pos < reader.len) {
    const from = reader.pos;
    const [number, wire] = reader.tag();
    const short = reader.pos === from + 1;
    const field = fields.get(number);
    if (field === undefined) throw new Error(`${name} has a field ${number}, which is not known`);
    if (!field.wires.includes(wire)) throw new Error(`field ${number} of ${name} is of another type`);
    if (field.once) {
      if (seen.has(field)) throw new Error(`${name} has field ${number} twice`);
      seen.add(field);
    }
    field.take(reader, wire);
    // The trees of a model are long runs of one field, whose tag is one byte.
    if (!field.once && short) {
      while (bytes[reader.pos] === bytes[from] && reader.pos < reader.len) {
        reader.pos++;
        field.take(reader, wire);
      }
    }
    if (reader.pos > reader.len) throw new Error(`${name} ends in the middle of field ${number}`);
  }
}

/** A number that need not be looked at. */
export const ignored = (...wires: WireType[]): Field => ({
  once: false,
  wires: wires.length > 0 ? wires : [LengthDelimited],
  take: (reader, wire) => void reader.skip(wire),
});

export const text = (take: (value: string) => void, once = true): Field => ({
  once,
  wires: [LengthDelimited],
  take: (reader) => {
    take(word(reader.bytes()));
  },
});

export const integer = (take: (value: number) => void): Field => ({
  once: true,
  wires: [Varint],
  take: (reader) => {
    take(int64(reader));
  },
});

export const message = (take: (bytes: Uint8Array) => void, once = false): Field => ({
  once,
  wires: [LengthDelimited],
  take: (reader) => {
    take(reader.bytes());
  },
});

/** Repeated integers, packed or not. */
export const integers = (values: number[]): Field =>
  repeated(Varint, (reader) => {
    values.push(int64(reader));
  });

/** Repeated float32, packed or not. */
export const floats = (values: number[]): Field =>
  repeated(Bit32, (reader) => {
    values.push(reader.float());
  });

/** Repeated numbers of which only the count matters. */
export const counted = (wire: WireType, count: () => void): Field =>
  repeated(wire, (reader) => {
    reader.skip(wire);
    count();
  });

export const WIRES = { Varint, Bit32, Bit64, LengthDelimited };

function repeated(wire: WireType, take: (reader: BinaryReader) => void): Field {
  return {
    once: false,
    wires: [wire, LengthDelimited],
    take: (reader, found) => {
      if (found === wire) {
        take(reader);
        return;
      }
      const end = reader.uint32() + reader.pos;
      if (end > reader.len) throw new Error('a packed field is longer than its message');
      while (reader.pos < end) take(reader);
      if (reader.pos !== end) throw new Error('a packed field ends inside a value');
    },
  };
}

/** A 64-bit varint as a number. Short ones, nearly all, take a path without bigint. */
function int64(reader: BinaryReader): number {
  const from = reader.pos;
  const short = reader.uint32();
  // Up to four bytes there are no bits that a 32-bit reader would drop.
  if (reader.pos - from <= 4) return short;
  reader.pos = from;
  return Number(reader.int64());
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Short ASCII, nearly all, without the decoder, which costs more than the rest of a node. */
function word(bytes: Uint8Array): string {
  if (bytes.length > 32) return utf8.decode(bytes);
  let value = '';
  for (const byte of bytes) {
    if (byte > 127) return utf8.decode(bytes);
    value += String.fromCharCode(byte);
  }
  return value;
}
