import { defineConfig } from 'vitest/config';

// Most of what these tests take is waiting, for processes and for the timers of others: two at a time. What is measured under
// load has the machine for itself, behind them.
const TOGETHER = { maxWorkers: 2, sequence: { groupOrder: 0 } };
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 1 } };

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          ...TOGETHER,
          include: ['{apps,libs,scripts,deploy,test/bench}/**/*.spec.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'medium',
          ...TOGETHER,
          include: ['test/{contract,medium}/**/*.spec.ts'],
          globalSetup: ['test/support/services.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          ...TOGETHER,
          include: ['test/e2e/**/*.spec.ts'],
          globalSetup: ['test/support/services.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'reference',
          ...TOGETHER,
          include: ['test/reference/**/*.spec.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'image',
          ...ALONE,
          include: ['test/image/**/*.spec.ts'],
          globalSetup: ['test/support/services.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'fault',
          ...ALONE,
          include: ['test/fault/**/*.spec.ts'],
          globalSetup: ['test/support/services.setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
