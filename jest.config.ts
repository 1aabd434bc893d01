/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const project = (displayName: string, testMatch: string[]): NonNullable<Config['projects']>[number] => ({
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.acas/'],
});

const config: Config = {
  maxWorkers: 2,
  /** In milliseconds; twelve times what Jest gives, for machines that do other work besides. */
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  projects: [
    project('shared', ['shared/**/*.test.ts']),
    project('parts', ['api/**/*.test.ts', 'workers/**/*.test.ts', 'scripts/**/*.test.ts']),
    project('ui', ['ui/**/*.test.ts']),
    project('whole', ['test/**/*.test.ts']),
    project('browser', ['e2e/**/*.test.ts']),
  ],
};

export default config;
