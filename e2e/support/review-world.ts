import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '#shared/json.ts';
import { type AiServer, startAiServer } from '../../test/support/ai-server.ts';
import { eventually } from '../../test/support/eventually.ts';
import { World } from './world.ts';

/** Id of the workflow that the specification's story draws. */
export const REVIEW = 'automated-code-review';

/** Milliseconds after which a file is saved again, and how often at most. */
const AGAIN = 5_000;
const ROUNDS = 12;

/** An empty installation with a model to ask and a file to change. */
export class ReviewWorld {
  readonly ai: AiServer;
  readonly world: World;
  #saved = 0;

  private constructor(ai: AiServer, world: World) {
    this.ai = ai;
    this.world = world;
    mkdirSync(join(world.product.workspace, 'src'));
  }

  static async open(): Promise<ReviewWorld> {
    const ai = await startAiServer();
    const env = { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: ai.baseUrl('claude') };
    return new ReviewWorld(ai, await World.open(env));
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.ai.close();
  }

  /** Saves the source file with other content than before. */
  saveFile(): void {
    this.#saved++;
    const file = join(this.world.product.workspace, 'src', 'app.ts');
    writeFileSync(file, `export const answer = ${this.#saved};\n`);
  }

  /** Until the trigger watches with the version that was just published. */
  watching(): Promise<true> {
    return eventually(async () => {
      const { items } = await this.world.product.ask<{ items: JsonObject[] }>('GET', '/triggers');
      return items.some(({ workflowId, state }) => workflowId === REVIEW && state === 'active') || undefined;
    }, 'the file trigger is active');
  }

  async ids(): Promise<string[]> {
    return (await this.world.product.executions(REVIEW)).map(({ executionId }) => executionId);
  }

  /**
   * Saves the file until an execution of a version has begun that is not among those known, for a watcher may serve the
   * old version a moment longer. Answers its id.
   */
  async executed(version: number, known: readonly string[] = []): Promise<string> {
    let round = 0;
    let savedAt = 0;
    return eventually(
      async () => {
        if (round < ROUNDS && Date.now() - savedAt > AGAIN) {
          this.saveFile();
          round++;
          savedAt = Date.now();
        }
        const all = await this.world.product.executions(REVIEW);
        return all.find(
          ({ executionId, workflowVersion }) => workflowVersion === version && !known.includes(executionId),
        )?.executionId;
      },
      `version ${version} is executed`,
      AGAIN * ROUNDS,
    );
  }
}
