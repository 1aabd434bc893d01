import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';

type Environment = Record<string, string | undefined>;

const port = z.coerce
  .number<string>('a whole number from 0 (any free port) to 65535')
  .int()
  .min(0)
  .max(65535);
const httpUrl = z.url({ protocol: /^https?$/ });
const path = z.string();
const secret = z.string();

/** A variable: what it must look like, and that in words, for the message when it does not. */
const variable = <T extends z.ZodType>(schema: T, form: string): { schema: T; form: string } => ({
  schema,
  form,
});

const portForm = 'a whole number from 0 (any free port) to 65535';
const urlForm = 'a URL that starts with http:// or https://';
const pathForm = 'a path';
const secretForm = 'the key as its provider shows it';
const list = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string().min(1)))
  .default([]);
const hostName = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$|^\[[0-9a-f:]+\]$/i);

/** Every variable the product reads. `.env.example` documents them. */
const variables = {
  PORT: variable(port.default(4000), portForm),
  HOST: variable(
    z
      .string()
      .regex(/^[a-z0-9.:-]+$/i)
      .default('127.0.0.1'),
    'an IP address or a host name',
  ),
  ACAS_ALLOWED_HOSTS: variable(
    z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
      .pipe(z.array(hostName))
      .default([]),
    'host names without port, separated by commas: runner.example.org,10.0.0.5',
  ),
  ACAS_HTTP_ALLOW: variable(
    z
      .string()
      .transform((text) => text.split(',').map((entry) => entry.trim()))
      .pipe(z.array(z.string().regex(/^(?:\*|\[[0-9a-f:]+\]:\d{1,5}|[^\s:]+:\d{1,5})$/i)))
      .default([]),
    'host:port entries separated by commas, or *',
  ),
  ACAS_HOME: variable(path.default('.acas'), pathForm),
  ACAS_WORKSPACE: variable(path.default('.'), pathForm),
  ACAS_HARD_LINKS: variable(z.enum(['refuse', 'allow']).default('refuse'), 'refuse or allow'),
  ACAS_CACHE: variable(path.optional(), pathForm),
  ACAS_UI: variable(path.optional(), pathForm),
  ACAS_TEMPORAL_PORT: variable(port.default(7233), portForm),
  ACAS_TEMPORAL_UI_PORT: variable(port.default(8233), portForm),
  TEMPORAL_ADDRESS: variable(
    z
      .string()
      .regex(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i)
      .optional(),
    'host:port, for example 127.0.0.1:7233',
  ),
  TEMPORAL_NAMESPACE: variable(z.string().regex(/^\S+$/).default('default'), 'a namespace without spaces'),
  TEMPORAL_API_KEY: variable(secret.optional(), secretForm),
  TEMPORAL_TLS: variable(z.stringbool().optional(), 'true or false'),
  TEMPORAL_CLI_PATH: variable(path.optional(), pathForm),
  DATABASE_URL: variable(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'postgres://user:password@host:port/database',
  ),
  LOG_LEVEL: variable(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'one of trace, debug, info, warn, error, fatal, silent',
  ),
  LOG_FORMAT: variable(z.enum(['pretty', 'json']).optional(), 'pretty or json'),
  ANTHROPIC_API_KEY: variable(secret.optional(), secretForm),
  ANTHROPIC_BASE_URL: variable(httpUrl.optional(), urlForm),
  OPENAI_API_KEY: variable(secret.optional(), secretForm),
  OPENAI_BASE_URL: variable(httpUrl.optional(), urlForm),
  GEMINI_API_KEY: variable(secret.optional(), secretForm),
  GOOGLE_GEMINI_BASE_URL: variable(httpUrl.optional(), urlForm),
  ACAS_SECRETS_KEY: variable(
    z
      .base64()
      .refine((text) => Buffer.from(text, 'base64').length === 32)
      .optional(),
    '32 bytes in base64',
  ),
  ACAS_SECRETS_DIR: variable(path.optional(), pathForm),
  ACAS_SHELL_ALLOW: variable(list, 'names of programs separated by commas, or *'),
  ACAS_SHELL_SCRIPTS: variable(z.stringbool().default(false), 'true or false'),
  ACAS_API_URL: variable(httpUrl.optional(), urlForm),
  TEMPORAL_WEB_URL: variable(httpUrl.optional(), urlForm),
  SMTP_URL: variable(z.url({ protocol: /^smtps?$/ }).optional(), 'smtp://user:password@host:port'),
  SMTP_FROM: variable(z.string().optional(), 'an address, for example Runner <runner@example.org>'),
  ACAS_EMAIL_ALLOW: variable(list, 'addresses or domains (@example.org) separated by commas, or *'),
  SLACK_BOT_TOKEN: variable(secret.optional(), secretForm),
  SLACK_API_URL: variable(httpUrl.optional(), urlForm),
} as const;

type Values = { [Name in keyof typeof variables]: z.output<(typeof variables)[Name]['schema']> };

/** The names of all variables that {@link readConfig} knows. */
export const variableNames: readonly string[] = Object.keys(variables);

/** The AI providers that a key or a base URL is set for. */
export interface ProviderConfig {
  apiKey: string | undefined;
  baseUrl: string | undefined;
}

const readValues = (env: Environment): Values => {
  const problems: string[] = [];
  const entries = Object.entries(variables).map(([name, { schema, form }]) => {
    // An empty variable counts as absent: that is what `NAME=` in an .env file means to people.
    const text = env[name]?.trim() || undefined;
    const parsed = schema.safeParse(text);
    if (!parsed.success) problems.push(problemOf(name, text ?? '', form));
    return [name, parsed.data] as const;
  });
  if (problems.length > 0) {
    throw new AppError('config.invalid', problems.join(' '), {
      fix: 'Correct the variables in the environment or in .env; .env.example explains each of them.',
      details: problems,
    });
  }
  return Object.fromEntries(entries) as Values;
};

const problemOf = (name: string, value: string, form: string): string => {
  const shown = /KEY|TOKEN|DATABASE_URL|SMTP_URL/.test(name)
    ? 'is set but not usable'
    : `is ${JSON.stringify(value)}`;
  return `${name} ${shown}; it must be ${form}.`;
};

/** True for an address or name that only this machine can reach. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

const SECRET = 'ACAS_SECRET_';

const secretsIn = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(SECRET) && value ? [[name.slice(SECRET.length), value] as const] : [],
    ),
  );

const checkReach = (values: Values): void => {
  if (isLoopback(values.HOST) || values.ACAS_ALLOWED_HOSTS.length > 0) return;
  throw new AppError(
    'config.invalid',
    `HOST is ${JSON.stringify(values.HOST)}, which other machines can reach, and ACAS_ALLOWED_HOSTS is empty; it must list the host names people will use.`,
    {
      fix: 'Set ACAS_ALLOWED_HOSTS to those names, for example ACAS_ALLOWED_HOSTS=runner.example.org, or leave HOST at 127.0.0.1.',
      details: ['HOST', 'ACAS_ALLOWED_HOSTS'],
    },
  );
};

/**
 * Reads the whole configuration from environment variables; paths become absolute, based on `cwd`.
 * @throws AppError `config.invalid` that names each wrong variable, its value and the form it must have. Values
 * of keys and of DATABASE_URL are never shown.
 */
export function readConfig(env: Environment, cwd: string = process.cwd()) {
  const values = readValues(env);
  checkReach(values);
  const provider = (apiKey: string | undefined, baseUrl: string | undefined): ProviderConfig => ({
    apiKey,
    baseUrl,
  });
  const absolute = (given: string | undefined): string | undefined => given && resolve(cwd, given);
  return {
    host: values.HOST,
    port: values.PORT,
    /** Host names besides the loopback ones that a request may carry in `Host`. */
    allowedHosts: values.ACAS_ALLOWED_HOSTS,
    /** Addresses that are not public and that actions may reach all the same: `host:port` entries, or `*`. */
    httpAllow: values.ACAS_HTTP_ALLOW,
    home: resolve(cwd, values.ACAS_HOME),
    workspace: resolve(cwd, values.ACAS_WORKSPACE),
    /** Whether actions open files that have more than one name. */
    hardLinks: values.ACAS_HARD_LINKS,
    cache: absolute(values.ACAS_CACHE),
    /** Folder with the built interface; undefined: the one that `npm run build` writes. */
    ui: absolute(values.ACAS_UI),
    databaseUrl: values.DATABASE_URL,
    temporal: {
      /** Undefined: a server of our own is started. */
      address: values.TEMPORAL_ADDRESS,
      namespace: values.TEMPORAL_NAMESPACE,
      apiKey: values.TEMPORAL_API_KEY,
      /** An API key is never sent in clear text, so TLS is on with one unless it is switched off by name. */
      tls: values.TEMPORAL_TLS ?? values.TEMPORAL_API_KEY !== undefined,
      cliPath: absolute(values.TEMPORAL_CLI_PATH),
      /** Where people look at Temporal itself; nothing links there without it. */
      webUrl: values.TEMPORAL_WEB_URL?.replace(/\/+$/, ''),
      port: values.ACAS_TEMPORAL_PORT,
      uiPort: values.ACAS_TEMPORAL_UI_PORT,
    },
    log: {
      level: values.LOG_LEVEL,
      format: values.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    } as const,
    ai: {
      anthropic: provider(values.ANTHROPIC_API_KEY, values.ANTHROPIC_BASE_URL),
      openai: provider(values.OPENAI_API_KEY, values.OPENAI_BASE_URL),
      gemini: provider(values.GEMINI_API_KEY, values.GOOGLE_GEMINI_BASE_URL),
    },
    secrets: {
      /** In base64; undefined: the key file in the data directory. */
      key: values.ACAS_SECRETS_KEY,
      /** A folder with a file for each secret, named like it. */
      folder: absolute(values.ACAS_SECRETS_DIR),
      /** Secrets that the environment holds, as ACAS_SECRET_<NAME>. */
      environment: secretsIn(env),
    },
    shell: {
      /** Programs that `shell.run` may start, `*` for all. */
      allow: values.ACAS_SHELL_ALLOW,
      /** Whether `shell.script` may give a text to a shell. */
      scripts: values.ACAS_SHELL_SCRIPTS,
    },
    mail: { url: values.SMTP_URL, from: values.SMTP_FROM, allow: values.ACAS_EMAIL_ALLOW },
    slack: { token: values.SLACK_BOT_TOKEN, apiUrl: values.SLACK_API_URL },
    /** Where workers reach the API. */
    apiUrl: values.ACAS_API_URL ?? `http://127.0.0.1:${values.PORT}`,
  };
}

/** The configuration of a process. */
export type Config = ReturnType<typeof readConfig>;
