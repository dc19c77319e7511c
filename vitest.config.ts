// Two projects: `unit` needs nothing but Node and runs in `npm run check`; `lab` boots real servers and needs root.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Vitest leaves one core free by default, and many of these tests wait for a child process.
          maxWorkers: 3,
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**', 'test/browser/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          // After the unit tests, so that its servers have the machine to themselves.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
