import { measureSizes } from './measure.js';
import { writeSizes } from './report.js';

/** Measures what entities take in Redis, and writes the report. @returns exit code */
export async function sizing(): Promise<number> {
  const sizes = await measureSizes((line) => console.log(line));
  console.log(`\nwritten: ${writeSizes(sizes)}`);
  return 0;
}
