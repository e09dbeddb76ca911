import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadGenerator } from '../load-generator.js';
import type { Options } from '../options.js';
import { writeMarkdown } from '../report/write-markdown.js';
import { scalingSections } from './markdown.js';
import { measureStore, recordedBytes } from './measure.js';

const REPORT = 'docs/scaling.md';

/** Measures what one process costs, and computes what many would do. @returns exit code */
export async function scaling({ api, seconds }: Options): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'scaling-'));
  let cleanUps: (() => Promise<void>)[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const stop of cleanUps.toReversed()) await stop();
    cleanUps = [];
  };
  const generator = new LoadGenerator();
  try {
    const place = { api, directory, seconds, cleanUp: (stop: () => Promise<void>) => cleanUps.push(stop) };
    // One after another: what is idle still takes memory, and wakes.
    const single = await measureStore('redis', generator, place);
    await cleanUp();
    const cluster = await measureStore('redis-cluster', generator, place);
    await cleanUp();
    const bytes = await recordedBytes(generator, place);
    writeMarkdown(REPORT, scalingSections(single, cluster, bytes));
    console.log(`\nwritten: ${REPORT}`);
    return 0;
  } finally {
    await cleanUp();
    await generator.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
