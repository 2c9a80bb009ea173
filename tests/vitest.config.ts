import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * unit: pure, no database. server: HTTP on a real PostGIS, one database a file. browser: Chromium on a running service.
 * Files share a process: no module keeps anything of a test's, and loading the service anew costs more than most files.
 */
export default defineConfig({
  root,
  test: {
    passWithNoTests: false,
    projects: [
      { root, test: { name: 'unit', isolate: false, maxWorkers: 2, setupFiles: ['tests/support/seed.ts'], include: ['tests/*.test.ts', 'tests/geo/**/*.test.ts', 'tests/rules/**/*.test.ts', 'tests/client/**/*.test.ts'], testTimeout: 60_000 } },
      {
        root,
        test: {
          name: 'server',
          setupFiles: ['tests/support/seed.ts'],
          include: ['tests/server/**/*.test.ts'],
          globalSetup: ['tests/support/template.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        root,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/support/template.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
          isolate: false,
        },
      },
    ],
  },
});
