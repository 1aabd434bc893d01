import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig, variableNames } from '#shared/node/config.ts';

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const text = readFileSync(at('docker-compose.yml'), 'utf8');
const { services, volumes }: Compose = parse(text, { merge: true });
const ours = Object.entries(services).filter(([, service]) => service.build !== undefined);

/** A value as Compose reads it when nothing is set: `${NAME:-default}` is its default. */
const filledIn = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('docker-compose.yml', () => {
  it('runs the api and workers from our own image', () => {
    expect(ours.map(([name, service]) => [name, service.command])).toEqual([
      ['api', ['api/main.ts']],
      ['worker', ['workers/main.ts']],
    ]);
  });

  it.each(ours)('gives %s variables that exist, with values that are accepted', (_name, service) => {
    const env = service.environment ?? {};
    expect(Object.keys(env).filter((name) => !variableNames.includes(name))).toEqual([]);
    const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filledIn(value)]));
    const config = readConfig(filled);
    expect(config.databaseUrl).toMatch(/^postgres:/);
    expect(config.temporal.address).toBe('temporal:7233');
  });

  it('takes from outside only variables that exist', () => {
    const named = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !variableNames.includes(name) && name !== 'POSTGRES_PASSWORD')).toEqual([]);
  });

  it('builds from and mounts only what exists', () => {
    const paths = Object.values(services).flatMap((service) => [
      ...(service.build === undefined ? [] : [service.build.context, service.build.dockerfile]),
      ...(service.volumes ?? [])
        .map((volume) => volume.split(':')[0] ?? '')
        .filter((path) => path.startsWith('./')),
    ]);
    expect(paths).toContain('./deploy/temporal-dynamic-config.yaml');
    expect(paths.filter((path) => !existsSync(at(path)))).toEqual([]);
    const named = Object.values(services)
      .flatMap((service) => service.volumes ?? [])
      .filter((one) => /^[a-z]/.test(one));
    expect(named.map((one) => one.split(':')[0]).filter((name) => !(name && name in volumes))).toEqual([]);
  });

  it('publishes on this machine only, and nothing that would keep workers from being multiplied', () => {
    const published = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(services.worker?.ports).toBeUndefined();
    expect(text).not.toContain('container_name');
  });

  it('starts each service after services that exist', () => {
    const named = Object.values(services).flatMap((service) => Object.keys(service.depends_on ?? {}));
    expect(named.filter((name) => !(name in services))).toEqual([]);
  });

  it('uses images of fixed versions', () => {
    const images = Object.values(services).flatMap((service) => service.image ?? []);
    expect(images.filter((image) => image !== 'acas-runner' && !/:\d/.test(image))).toEqual([]);
  });
});

describe('the dynamic configuration for the Temporal of docker-compose.yml', () => {
  it('raises the poll rates as the embedded server has them', () => {
    const values: Record<string, { value: unknown }[]> = parse(
      readFileSync(at('deploy/temporal-dynamic-config.yaml'), 'utf8'),
    );
    expect(values['history.transferProcessorMaxPollRPS']?.[0]?.value).toBe(2000);
    expect(values['history.timerProcessorMaxPollRPS']?.[0]?.value).toBe(2000);
  });
});

describe('the Dockerfile', () => {
  it('copies what exists and does not run as root', () => {
    const lines = readFileSync(at('Dockerfile'), 'utf8').split('\n');
    const [copied] = lines.filter((line) => line.startsWith('COPY package.json'));
    const files = copied?.split(' ').slice(1, -1) ?? [];
    expect(files.filter((file) => !existsSync(at(file)))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('USER')).at(-1)).toBe('USER node');
  });
});
