import {defineConfig} from 'vitest/config';

// Generous, because machines differ and no test here measures time.
const PATIENCE = {testTimeout: 300_000, hookTimeout: 300_000};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['core', 'files', 'page', 'work'].map((folder) => `tests/${folder}/**/*.test.ts`),
          ...PATIENCE,
        },
      },
      {test: {name: 'browser', include: ['tests/browser/**/*.test.ts'], ...PATIENCE}},
      {test: {name: 'lights', include: ['tests/lights/**/*.test.ts'], ...PATIENCE}},
    ],
  },
});
