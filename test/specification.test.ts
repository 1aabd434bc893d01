import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type AiServer, startAiServer } from './support/ai-server.ts';
import { eventually } from './support/eventually.ts';
import { Product } from './support/product.ts';

jest.setTimeout(180_000);

const FOLDER = fileURLToPath(new URL('../definitions/', import.meta.url));

interface Message {
  text: string;
  role: string;
  executionId: string | null;
}

interface Trigger {
  workflowId: string;
  state: string;
  nextRuns: string[];
}

describe('the example workflows of the specification, on the whole product', () => {
  let ai: AiServer;
  let product: Product;

  beforeAll(async () => {
    ai = await startAiServer();
    product = await Product.start({
      ANTHROPIC_API_KEY: 'sk-test-claude',
      ANTHROPIC_BASE_URL: ai.baseUrl('claude'),
      GEMINI_API_KEY: 'sk-test-gemini',
      GOOGLE_GEMINI_BASE_URL: ai.baseUrl('gemini'),
    });
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    await ai?.close();
  });
  beforeEach(() => ai.reset());

  /** Publishes and enables a definition of the repository, and waits for its trigger. */
  async function install(id: string): Promise<Trigger> {
    await product.ask('POST', '/workflows', readFileSync(join(FOLDER, `${id}.yaml`), 'utf8'));
    await product.ask('POST', `/workflows/${id}/publish`);
    await product.ask('POST', `/workflows/${id}/enable`);
    return eventually(async () => {
      const { items } = await product.ask<{ items: Trigger[] }>('GET', '/triggers');
      return items.find(({ workflowId, state }) => workflowId === id && state === 'active');
    }, `the trigger of ${id} is active`);
  }

  /** Kills the worker while the model holds its first answer. */
  async function killWhileAsked(): Promise<void> {
    await eventually(() => ai.requests.length > 0 || undefined, 'the model is asked');
    await product.kill('worker');
  }

  const said = () => ai.requests.map(({ messages }) => messages.at(-1)?.text ?? '');

  describe('Automated Code Review', () => {
    const id = 'automated-code-review';
    const write = (name: string, content: string) =>
      writeFileSync(join(product.workspace, 'src', name), content);
    const messages = async () =>
      (await product.ask<{ items: Message[] }>('GET', '/chat/sessions/general/messages')).items;

    beforeAll(async () => {
      mkdirSync(join(product.workspace, 'src'));
      for (const name of ['app.ts', 'held.ts']) write(name, 'export {};\n');
      await install(id);
    });

    it('reviews a file that changes and posts the review to the chat', async () => {
      ai.say('Use const instead of var.');
      write('app.ts', 'var answer = 42;\n');
      const [execution] = await product.closed(id, 1, 60_000);
      expect(execution).toMatchObject({ status: 'success', triggeredBy: { type: 'file_change' } });
      expect(ai.requests).toMatchObject([{ provider: 'claude', key: 'sk-test-claude' }]);
      expect(said()[0]).toMatch(/Review this code[\s\S]*var answer = 42;/);
      // Its context is the trigger and what the steps before have given.
      expect(said()[0]).toMatch(/# Context[\s\S]*"filePath": "src\/app\.ts"[\s\S]*"read_file"/);
      expect(await messages()).toMatchObject([
        {
          text: 'Code review for src/app.ts:\n\nUse const instead of var.',
          role: 'workflow',
          executionId: execution?.executionId,
        },
      ]);
      const view = await product.execution(execution?.executionId ?? '');
      expect(view.steps.map(({ path, status }) => [path, status])).toEqual([
        ['read_file', 'success'],
        ['review', 'success'],
        ['post', 'success'],
      ]);
    });

    it('posts one review although the worker is killed while the model answers', async () => {
      const before = (await messages()).length;
      ai.say({ fault: 'hang' }, 'Nothing to say.');
      write('held.ts', 'let held = true;\n');
      await killWhileAsked();
      const all = await product.closed(id, before + 1, 120_000);
      expect(all.map(({ status }) => status)).toEqual(all.map(() => 'success'));
      expect(all).toHaveLength(before + 1);
      expect(said()).toHaveLength(2);
      const now = await messages();
      expect(now).toHaveLength(before + 1);
      expect(now[0]?.text).toBe('Code review for src/held.ts:\n\nNothing to say.');
    });
  });

  describe('Daily Documentation Update', () => {
    const id = 'daily-documentation-update';
    const remote = () => join(product.workspace, 'remote.git');
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: product.workspace, encoding: 'utf8' }).trim();
    const pushed = (): string[] =>
      git('--git-dir', remote(), 'log', '--format=%s', 'main').split('\n').filter(Boolean);
    const update = 'docs: automated documentation update';
    let trigger: Trigger;

    beforeAll(async () => {
      git('init', '--quiet', '--bare', '--initial-branch=main', 'remote.git');
      git('init', '--quiet', '--initial-branch=main');
      git('config', 'user.name', 'Ann');
      git('config', 'user.email', 'ann@example.org');
      git('remote', 'add', 'origin', remote());
      writeFileSync(join(product.workspace, 'README.md'), '# Project\n');
      git('add', 'README.md');
      git('commit', '--quiet', '--message=Begin the project');
      trigger = await install(id);
    });

    const execute = () =>
      product.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {
        trigger: { type: 'manual', by: 'ann' },
      });

    it('is due on the next weekday mornings', () => {
      expect(trigger.nextRuns.length).toBeGreaterThan(0);
      for (const time of trigger.nextRuns.map((run) => new Date(run))) {
        expect([time.getUTCHours(), time.getUTCMinutes()]).toEqual([9, 0]);
        expect([1, 2, 3, 4, 5]).toContain(time.getUTCDay());
        expect(time.getTime()).toBeGreaterThan(Date.now());
      }
    });

    it('commits what the model makes of the last commits, and pushes it', async () => {
      ai.say('# Project\n\nIt has begun.\n');
      await execute();
      const [execution] = await product.closed(id, 1, 60_000);
      expect(execution).toMatchObject({ status: 'success', triggeredBy: { type: 'manual' } });
      expect(ai.requests).toMatchObject([{ provider: 'gemini', key: 'sk-test-gemini' }]);
      expect(said()[0]).toContain('Begin the project');
      expect(pushed()).toEqual([update, 'Begin the project']);
      expect(git('--git-dir', remote(), 'show', 'main:README.md')).toBe('# Project\n\nIt has begun.');
      expect(git('--git-dir', remote(), 'show', '--format=', '--name-only', 'main')).toBe('README.md');
    });

    it('makes one commit although the worker is killed while the model answers', async () => {
      const before = pushed();
      const { length } = await product.executions(id);
      ai.say({ fault: 'hang' }, '# Project\n\nIt goes on.\n');
      await execute();
      await killWhileAsked();
      const all = await product.closed(id, length + 1, 120_000);
      expect(all).toHaveLength(length + 1);
      expect(all[0]?.status).toBe('success');
      expect(said()).toHaveLength(2);
      expect(pushed()).toEqual([update, ...before]);
      expect(git('rev-parse', 'HEAD')).toBe(git('--git-dir', remote(), 'rev-parse', 'main'));
      expect(git('--git-dir', remote(), 'show', 'main:README.md')).toBe('# Project\n\nIt goes on.');
    });
  });
});
