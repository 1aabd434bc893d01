import type { Catalog } from '#shared/catalog/catalog.ts';
import type { PluginView } from '#shared/catalog/plugin.ts';
import { isSame, type Json, type JsonObject } from '#shared/json.ts';
import { catalogNow, type PluginDirectory } from '../plugins/directory.ts';
import { ReaderThread, type ThreadLimits } from './reader-thread.ts';
import { Recent } from './recent.ts';
import {
  type Checked,
  type Given,
  perform,
  type TaskInput,
  type TaskName,
  type TaskOutput,
} from './tasks.ts';

/**
 * Characters of a definition that is read where it came in. That takes some tens of milliseconds at most, less than
 * people notice, and so it never waits behind somebody else's large one.
 */
const SMALL = 8 * 1024;

/** Large texts whose checks are remembered: what was saved is seen, tried and run as it is. */
const REMEMBERED = 8;

/** What a reader reads with. */
export interface ReaderParts {
  catalog: Catalog;
  plugins: PluginDirectory;
  limits?: ThreadLimits;
}

/**
 * Reads and checks definitions. Large ones are read in a thread of their own, one after the other, so that the API
 * goes on answering. Every method may throw `workflow.too_costly` and `workflow.reader_died`.
 */
export class DefinitionReader {
  readonly #parts: ReaderParts;
  readonly #thread: ReaderThread;
  readonly #checked = new Recent<Checked>(REMEMBERED);
  /** What the thread was told of plugins last. */
  #told: PluginView[] | undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#thread = new ReaderThread(parts.catalog, parts.limits);
  }

  /** Starts the thread before it is needed. */
  warm(): void {
    this.#thread.start();
  }

  /** All that a definition says and all that is wrong with it; plugins are checked as far as they are known. */
  check(definition: Given): Promise<Checked> {
    this.#tell();
    return this.#check(definition, false);
  }

  /** The same without a look at plugins: what was published runs, whichever of them are there at the moment. */
  checkPublished(definition: Given): Promise<Checked> {
    return this.#check(definition, true);
  }

  /** YAML with another head, its comments kept. */
  rename(source: string, head: JsonObject): Promise<string> {
    return this.#run('rename', true, source, head);
  }

  toYaml(definition: JsonObject): Promise<string> {
    return this.#run('toYaml', true, definition);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #check(definition: Given, isBare: boolean): Promise<Checked> {
    if (typeof definition !== 'string' || definition.length <= SMALL)
      return this.#run('check', isBare, definition);
    return this.#checked.get(`${isBare} ${definition}`, () => this.#run('check', isBare, definition));
  }

  async #run<Name extends TaskName>(
    task: Name,
    isBare: boolean,
    ...input: TaskInput<Name>
  ): Promise<TaskOutput<Name>> {
    const [definition] = input;
    const { length } = typeof definition === 'string' ? definition : JSON.stringify(definition);
    const order = { task, isBare, input };
    if (length <= SMALL) return perform(order, this.#catalog(isBare)) as TaskOutput<Name>;
    return this.#thread.run(order) as Promise<TaskOutput<Name>>;
  }

  #catalog(isBare: boolean): Catalog {
    return isBare ? this.#parts.catalog : catalogNow(this.#parts);
  }

  /** Every answer of a worker is a list of its own, though plugins seldom change. */
  #tell(): void {
    const known = this.#parts.plugins.known();
    if (isSame(known as Json | undefined, this.#told as Json | undefined)) return;
    this.#told = known;
    this.#checked.clear();
    this.#thread.setPlugins(known);
  }
}
