import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^(\d{10})\.ndjson$/;

/** One file of a spool; its lines are written in the order of their numbers. */
export interface Segment {
  readonly number: number;
  readonly path: string;
}

export const segmentPath = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(10, '0')}.ndjson`);

/** The files of a spool, the oldest first. */
export function segmentsOf(directory: string): Segment[] {
  return readdirSync(directory)
    .flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [{ number: Number(digits), path: join(directory, name) }];
    })
    .toSorted((a, b) => a.number - b.number);
}

export const bytesOf = ({ path }: Segment): number => statSync(path).size;
