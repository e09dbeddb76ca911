import { existsSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'vitest';
import { NEEDS_REFERENCE_DATA } from '../../scripts/lib/testing/reference-data.mjs';

const repository = path.resolve(import.meta.dirname, '../..');

/** The directory of public reference data sets, or undefined where it was not set up. */
export function findSharedData(): string | undefined {
  const directory = process.env['FRAUD_SHARED_DATA'] ?? path.resolve(repository, '../shared/data');
  return existsSync(directory) ? directory : undefined;
}

/**
 * A test on reference data. Without the data it is reported as not run, which `npm test` names in its closing line;
 * in CI it fails.
 * @example testWithSharedData('reproduces the published score', async (data) => { … read `${data}/handbook` … });
 */
export function testWithSharedData(
  name: string,
  body: (directory: string, context: TestContext) => Promise<void> | void,
  timeout?: number,
): void {
  test(
    name,
    async (context) => {
      const directory = findSharedData();
      if (directory !== undefined) return body(directory, context);
      if (process.env['CI'] === 'true') {
        throw new Error('reference data is required in CI: set FRAUD_SHARED_DATA or provide ../shared/data');
      }
      return context.skip(NEEDS_REFERENCE_DATA);
    },
    timeout,
  );
}
