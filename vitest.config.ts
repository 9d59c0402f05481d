import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'tests/**/*.test.ts',
      'tools/test/**/*.test.ts',
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What users keep for themselves (presets, what was open lately) is not touched by tests.
    env: { ROTOKIT_CONFIG: join(tmpdir(), 'rotokit-test-config') },
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './tests/support/closing-line.ts'],
  },
});
