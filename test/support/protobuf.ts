import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A field of a message as it is written, whatever it means. */
export interface Part {
  readonly number: number;
  readonly wire: WireType;
  /** Content of a length-delimited field, else the bytes of the value. */
  readonly bytes: Uint8Array;
}

export function partsOf(message: Uint8Array): Part[] {
  const reader = new BinaryReader(message);
  const parts: Part[] = [];
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const bytes = wire === WireType.LengthDelimited ? reader.bytes() : reader.skip(wire);
    parts.push({ number, wire, bytes });
  }
  return parts;
}

export function messageOf(parts: readonly Part[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { number, wire, bytes } of parts) {
    writer.tag(number, wire);
    if (wire === WireType.LengthDelimited) writer.bytes(bytes);
    else writer.raw(bytes);
  }
  return writer.finish();
}

export const blob = (number: number, bytes: Uint8Array): Part => ({
  number,
  wire: WireType.LengthDelimited,
  bytes,
});
export const word = (number: number, text: string): Part => blob(number, new TextEncoder().encode(text));
export const int = (number: number, value: number): Part => ({
  number,
  wire: WireType.Varint,
  bytes: new BinaryWriter().int64(value).finish(),
});
export const textOf = ({ bytes }: Part): string => new TextDecoder().decode(bytes);
