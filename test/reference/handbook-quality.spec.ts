import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, runNode } from '../support/cli.js';
import { testWithSharedData } from '../support/shared-data.js';

/** What pip needs where the Python environment is not there yet. */
const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && /^(?:HOME$|PIP_|SSL_|https?_proxy$)/i.test(name) ? [[name, value]] : [],
    ),
  );

describe('npm run handbook', () => {
  testWithSharedData(
    "reaches 0.70 of average precision in the first test week, with one week of training on this engine's features",
    async (data, { annotate }) => {
      const work = await mkdtemp(path.join(tmpdir(), 'handbook-'));
      try {
        const { code, output } = await runNode(
          ['scripts/handbook.mjs', '--one', '--work', work, path.join(data, 'handbook')],
          environment(),
          REPOSITORY,
        );
        expect({ code, output }).toMatchObject({ code: 0 });
        const [line = '', auc, averagePrecision] =
          /auc ([\d.]+) {2}average_precision ([\d.]+) {2}card_precision [\d.]+/.exec(output) ?? [];
        await annotate(line);
        // The published features give 0.68 in this week; docs/handbook.md has all four.
        expect(Number(averagePrecision)).toBeGreaterThan(0.7);
        expect(Number(auc)).toBeGreaterThan(0.86);
      } finally {
        await rm(work, { recursive: true });
      }
    },
    600_000,
  );

  it('says what is missing where there is no data, before it does anything', async () => {
    const { code, output } = await runNode(['scripts/handbook.mjs', tmpdir()], {}, REPOSITORY);
    expect(code).toBe(1);
    expect(output).toContain(`there is no Handbook data in ${tmpdir()}`);
  });
});
