import { createHash } from 'node:crypto';

/** A script and the name by which a node knows it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export const script = (text: string): Script => ({
  text,
  sha1: createHash('sha1').update(text).digest('hex'),
});
