import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far a spool has been read: everything before is kept elsewhere. */
export interface Position {
  /** Of the file. */
  readonly number: number;
  /** Bytes of that file. */
  readonly position: number;
}

const positionFile = (directory: string): string => join(directory, 'position');

export function readPosition(directory: string): Position {
  try {
    const [number = 0, position = 0] = readFileSync(positionFile(directory), 'utf8').split(' ').map(Number);
    return { number, position };
  } catch {
    // Nothing was read so far; and what is read again is recognised.
    return { number: 0, position: 0 };
  }
}

export function writePosition(directory: string, { number, position }: Position): void {
  const file = positionFile(directory);
  writeFileSync(`${file}.new`, `${number} ${position}`);
  renameSync(`${file}.new`, file);
}
