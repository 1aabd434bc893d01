import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '#shared/errors.ts';
import { isLoopback, readConfig, variableNames } from './config.ts';

const problemOf = (env: Record<string, string>): AppError => {
  try {
    readConfig(env, '/work');
  } catch (thrown) {
    if (AppError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('the configuration was accepted');
};

describe('readConfig', () => {
  it('needs nothing to be set', () => {
    expect(readConfig({}, '/base')).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      home: '/base/.acas',
      workspace: '/base',
      databaseUrl: undefined,
      temporal: { address: undefined, namespace: 'default', port: 7233, uiPort: 8233, tls: false },
    });
  });

  it('makes paths absolute', () => {
    const config = readConfig(
      { ACAS_HOME: 'data', ACAS_WORKSPACE: '/elsewhere', TEMPORAL_CLI_PATH: 'bin/temporal' },
      '/base',
    );
    expect([config.home, config.workspace, config.temporal.cliPath]).toEqual([
      '/base/data',
      '/elsewhere',
      '/base/bin/temporal',
    ]);
  });

  it('takes an empty variable for an absent one', () => {
    const empty = Object.fromEntries(variableNames.map((name) => [name, ' ']));
    expect(readConfig(empty, '/base')).toEqual(readConfig({}, '/base'));
  });

  it.each([
    ['PORT', 'abc', 'whole number'],
    ['PORT', '65536', 'whole number'],
    ['PORT', '-1', 'whole number'],
    ['PORT', '1.5', 'whole number'],
    ['HOST', 'http://x', 'an IP address'],
    ['ACAS_ALLOWED_HOSTS', 'a.example:80', 'without port'],
    ['ACAS_TEMPORAL_PORT', 'x', 'whole number'],
    ['TEMPORAL_ADDRESS', 'localhost', 'host:port'],
    ['TEMPORAL_ADDRESS', 'http://localhost:7233', 'host:port'],
    ['TEMPORAL_NAMESPACE', 'two words', 'without spaces'],
    ['TEMPORAL_TLS', 'maybe', 'true or false'],
    ['LOG_LEVEL', 'loud', 'one of trace'],
    ['LOG_FORMAT', 'xml', 'pretty or json'],
    ['OPENAI_BASE_URL', 'ftp://x', 'http://'],
  ])('refuses %s=%s and says what it must be', (name, value, form) => {
    const problem = problemOf({ [name]: value });
    expect(problem.code).toBe('config.invalid');
    expect(problem.message).toContain(`${name} is ${JSON.stringify(value)}; it must be`);
    expect(problem.message).toContain(form);
  });

  it('names all wrong variables at once', () => {
    expect(problemOf({ PORT: 'x', LOG_LEVEL: 'y' }).details).toHaveLength(2);
  });

  it('never shows a password', () => {
    expect(problemOf({ DATABASE_URL: 'mysql://me:hunter2@db/x' }).message).not.toContain('hunter2');
  });

  it('refuses an address that others can reach until their host names are listed', () => {
    expect(problemOf({ HOST: '0.0.0.0' }).message).toContain('ACAS_ALLOWED_HOSTS');
    const config = readConfig({ HOST: '0.0.0.0', ACAS_ALLOWED_HOSTS: 'Runner.example.org, 10.0.0.5' });
    expect(config.allowedHosts).toEqual(['runner.example.org', '10.0.0.5']);
  });

  it('sends an API key over TLS unless that is switched off by name', () => {
    expect(readConfig({ TEMPORAL_API_KEY: 'k' }).temporal.tls).toBe(true);
    expect(readConfig({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }).temporal.tls).toBe(false);
  });

  it('reads or refuses any text, and fails in no other way', () => {
    fc.assert(
      fc.property(fc.constantFrom(...variableNames), fc.string(), (name, value) => {
        try {
          readConfig({ [name]: value }, '/base');
        } catch (thrown) {
          expect(AppError.is(thrown) && thrown.message).toContain(name);
        }
      }),
    );
  });
});

describe('.env.example', () => {
  it('documents every variable and no other, with its default', () => {
    const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const pairs = [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    expect(pairs.map(([name]) => name).sort()).toEqual([...variableNames].sort());
    expect(readConfig(Object.fromEntries(pairs), '/base')).toEqual(readConfig({}, '/base'));
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.4', false],
    ['127.example.org', false],
  ])('of %s is %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
