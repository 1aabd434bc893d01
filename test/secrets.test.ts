import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { JsonObject } from '#shared/json.ts';
import { type AiServer, startAiServer } from './support/ai-server.ts';
import { eventually } from './support/eventually.ts';
import { Product } from './support/product.ts';

jest.setTimeout(120_000);

const CANARY = 'c4nary-"V4lue"/+ä-0123456789';

/** As it might turn up: as it is, quoted, in a URL, encoded. */
const FORMS = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  Buffer.from(CANARY).toString('hex'),
  Buffer.from(CANARY).toString('base64').slice(0, 24),
  Buffer.from(`x${CANARY}`).toString('base64').slice(4, 24),
  Buffer.from(`xx${CANARY}`).toString('base64').slice(4, 24),
];

/** Uses the secret in every way a step can, and tries to give it away in every way it could. */
const LEAKY = `
id: leaky
name: Leaky
variables: [{ name: url, required: true }]
settings: { onFailure: fail }
steps:
  - { id: said, type: action, action: { type: http.request, parameters: { url: "{{ variables.url }}", method: POST, headers: { authorization: "Bearer {{ secrets.CANARY }}" }, body: { key: "{{ secrets.CANARY }}" } } } }
  - { id: written, type: action, action: { type: file.write, parameters: { path: canary.txt, content: "key={{ secrets.CANARY }}" } } }
  - { id: read, type: action, action: { type: file.read, parameters: { path: canary.txt } } }
  - { id: read_base64, type: action, action: { type: file.read, parameters: { path: canary.txt, encoding: base64 } } }
  - { id: printed, type: action, action: { type: shell.run, parameters: { command: sh, args: ["-c", "printenv KEY; printenv KEY | base64; printenv KEY >&2"], env: { KEY: "{{ secrets.CANARY }}" } } } }
  - { id: computed, type: action, action: { type: data.transform, parameters: { input: { key: "{{ secrets.CANARY }}" }, expression: "{ 'key': key, 'upper': key & '!' }" } } }
  - { id: asked, type: action, action: { type: ai.generate, parameters: { provider: claude, prompt: Hello, apiKey: "{{ secrets.CANARY }}" } } }
  - { id: failed, type: action, action: { type: shell.run, parameters: { command: sh, args: ["-c", "echo it is $KEY >&2; exit 3"], env: { KEY: "{{ secrets.CANARY }}" } } }, errorHandling: { strategy: continue } }
  - { id: missed, type: action, action: { type: file.read, parameters: { path: "no/{{ secrets.CANARY }}" } }, errorHandling: { strategy: continue } }
  - { id: again, type: set, config: { values: { read: "{{ steps.read.output.content }}", printed: "{{ steps.printed.output.stdout }}" } } }
output: "{{ steps.again.output }}"
`;

describe('secrets', () => {
  let product: Product;
  let ai: AiServer;
  let echo: Server;
  const heard: string[] = [];

  beforeAll(async () => {
    ai = await startAiServer();
    echo = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      request.on('end', () => {
        heard.push(`${request.headers.authorization} ${body}`);
        response
          .writeHead(200, { 'content-type': 'text/plain', 'x-said': String(request.headers.authorization) })
          .end(body);
      });
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as AddressInfo;
    product = await Product.start({
      ACAS_HTTP_ALLOW: `127.0.0.1:${port}`,
      ACAS_SHELL_ALLOW: 'sh',
      ANTHROPIC_BASE_URL: ai.baseUrl('claude'),
      LOG_LEVEL: 'trace',
      ACAS_SECRET_FROM_ENV: 'value of the environment',
    });
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    await ai?.close();
    echo?.close();
  });

  const finish = async (id: string, variables: JsonObject = {}): Promise<ExecutionView> => {
    const { executionId } = await product.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {
      variables,
    });
    return eventually(async () => {
      const view = await product.execution(executionId);
      return view.endTime === null ? undefined : view;
    }, `${id} has ended`);
  };

  it('are created, replaced and deleted, and never read', async () => {
    const secret = { name: 'TOKEN', value: 'first value', description: 'for a test' };
    const created = await product.ask<JsonObject>('POST', '/secrets', secret);
    expect(Object.keys(created).sort()).toEqual(['createdAt', 'description', 'name', 'updatedAt']);
    await expect(product.ask('POST', '/secrets', secret)).rejects.toThrow('secret.exists');
    await expect(product.ask('POST', '/secrets', { name: 'no-dash', value: 'x' })).rejects.toThrow('400');
    await product.ask('PUT', '/secrets/TOKEN', { value: 'second value' });
    expect(JSON.stringify(await product.ask('GET', '/secrets'))).not.toContain('value"');
    await product.ask('DELETE', '/secrets/TOKEN');
    await expect(product.ask('DELETE', '/secrets/TOKEN')).rejects.toThrow('404');
  });

  it('are used by steps, and turn up nowhere', async () => {
    await product.ask('POST', '/secrets', { name: 'CANARY', value: CANARY });
    await product.ask('POST', '/workflows', LEAKY);
    ai.say('Hello.');
    const { port } = echo.address() as AddressInfo;
    const view = await finish('leaky', { url: `http://127.0.0.1:${port}/` });
    expect(view.error).toBeNull();
    // They were used as they are …
    expect(heard[0]).toContain(`Bearer ${CANARY}`);
    expect(readFileSync(join(product.workspace, 'canary.txt'), 'utf8')).toBe(`key=${CANARY}`);
    expect(ai.requests[0]?.key).toBe(CANARY);
    // … and masked wherever they would have shown.
    expect(view.output).toMatchObject({ read: 'key=***' });
    const kept = filesIn(product.home);
    // Temporal's database is among it, so that a secret in the history would be found.
    expect(kept).toContain('printenv KEY');
    const shown = [
      JSON.stringify(view),
      await fetch(`${product.url}/api/executions/${view.executionId}/history`).then((answer) =>
        answer.text(),
      ),
      await fetch(`${product.url}/api/workflows/leaky/export`).then((answer) => answer.text()),
      await fetch(`${product.url}/api/secrets`).then((answer) => answer.text()),
      product.log,
      kept,
    ];
    for (const [place, text] of shown.entries())
      for (const form of FORMS)
        expect({ place, form, found: text.includes(form) }).toEqual({ place, form, found: false });
  });

  /** Every file of the data directory, databases of store and Temporal included. */
  function filesIn(folder: string): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }

  it('that do not exist fail the step, saying how to create them', async () => {
    await product.ask(
      'POST',
      '/workflows',
      'id: missing\nname: Missing\nsteps:\n  - { id: a, type: action, action: { type: file.write, parameters: { path: a.txt, content: "{{ secrets.NOWHERE }}" } } }',
    );
    const { error } = await finish('missing');
    expect(error).toMatchObject({
      code: 'secret.unknown',
      step: 'a',
      fix: expect.stringContaining('/api/secrets'),
    });
  });

  it('come from the environment where the API has none of that name', async () => {
    writeFileSync(join(product.workspace, 'env.txt'), '');
    await product.ask(
      'POST',
      '/workflows',
      'id: env\nname: Env\nsteps:\n  - { id: a, type: action, action: { type: file.write, parameters: { path: env.txt, content: "{{ secrets.FROM_ENV }}" } } }',
    );
    await finish('env');
    expect(readFileSync(join(product.workspace, 'env.txt'), 'utf8')).toBe('value of the environment');
  });

  it('are not seen by programs that steps start', async () => {
    await product.ask(
      'POST',
      '/workflows',
      'id: environ\nname: Environ\nsteps:\n  - { id: a, type: action, action: { type: shell.run, parameters: { command: sh, args: ["-c", "printenv"] } } }',
    );
    const { steps } = await finish('environ');
    expect(JSON.stringify(steps)).not.toContain('ACAS_');
    expect(JSON.stringify(steps)).not.toContain('value of the environment');
  });

  it('may not be told to a model', async () => {
    const source =
      'id: told\nname: Told\nsteps:\n  - { id: a, type: action, action: { type: ai.generate, parameters: { provider: claude, prompt: "{{ secrets.CANARY }}" } } }';
    await expect(product.ask('POST', '/workflows', source)).rejects.toThrow('reference.secret_in_prompt');
  });

  it('are kept with a key that only its owner may read', () => {
    const mode = execFileSync('stat', ['-c', '%a', join(product.home, 'secrets.key')], { encoding: 'utf8' });
    expect(mode.trim()).toBe('600');
  });
});
