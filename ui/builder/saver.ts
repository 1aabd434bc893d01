import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { Refused, request, Unreachable } from '#ui/api/client.ts';
import type { Snapshot } from '#ui/document/history.ts';
import { merge } from '#ui/document/merge.ts';
import type { Texts } from '#ui/document/texts.ts';
import { forget, keep } from './journal.ts';
import type { Reader } from './reader.ts';
import { Soon } from './soon.ts';
import type { EditingStore } from './store.ts';

/** What has become of the latest change. */
export type Saving =
  | { kind: 'saved'; at: number | undefined }
  | { kind: 'editing' }
  | { kind: 'saving' }
  /** Kept in this browser; tried again and again. */
  | { kind: 'offline'; since: number }
  | { kind: 'refused'; reason: string }
  /** Somebody else changed the same places; nothing is saved until one is chosen. */
  | { kind: 'conflict'; theirs: Server; merged: JsonObject; places: string[] };

/** What the server has. */
export interface Server {
  text: string;
  definition: JsonObject;
  revision: number;
}

/** Quiet time after a change before it is saved, in milliseconds. */
const QUIET = 1_000;
const AGAIN = 3_000;
const JOURNAL = 150;
/** At the latest after this, however busily somebody edits. */
const LATEST = { save: 3_000, journal: 1_000 };

interface Options {
  id: string;
  store: EditingStore;
  texts: Texts;
  reader: Reader;
  server: Server;
  /** Told whenever what has become of the latest change is another. */
  onChange(saving: Saving): void;
  /** Told when somebody else's changes were brought together with one's own. */
  onMerged(): void;
  onSaved(view: WorkflowView): void;
}

/**
 * Saves a draft by itself: into the browser at once, to the server a second after the last change, and both every few
 * seconds for as long as somebody edits without a pause.
 */
export class Saver {
  readonly #options: Options;
  #server: Server;
  #state: Saving = { kind: 'saved', at: undefined };
  #saved: Snapshot;
  /** What was sent and has not been answered, by its text: the server may have taken any of it all the same. */
  readonly #unanswered = new Map<string, JsonObject>();
  /** When the first request was sent that the server has not answered. */
  #away: number | undefined;
  readonly #saving = new Soon(() => void this.flush(), LATEST.save);
  readonly #journal = new Soon(() => this.#keepNow(), LATEST.journal);
  #running: Promise<void> | undefined;
  readonly #leave: () => void;

  constructor(options: Options) {
    this.#options = options;
    this.#server = options.server;
    this.#saved = options.store.getState().history.present;
    const unsubscribe = options.store.subscribe(({ history, typed }, before) => {
      const isTyped = typed !== undefined && typed !== before.typed;
      if (isTyped || history.present !== before.history.present) this.#changed();
    });
    const onHide = (): void => this.#keepNow();
    window.addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onHide);
    this.#leave = () => {
      unsubscribe();
      window.removeEventListener('pagehide', onHide);
      document.removeEventListener('visibilitychange', onHide);
    };
  }

  get server(): Server {
    return this.#server;
  }

  get #present(): Snapshot {
    return this.#options.store.getState().history.present;
  }

  get #hasChanges(): boolean {
    return this.#present !== this.#saved || this.#options.store.getState().typed !== undefined;
  }

  #tell(state: Saving): void {
    this.#state = state;
    this.#options.onChange(state);
  }

  /** The draft differs from what the server has: kept now, saved soon. */
  markChanged(): void {
    this.#changed();
  }

  #changed(): void {
    // While the server is away, that is what there is to say, whatever is edited meanwhile.
    if (this.#state.kind === 'saved' || this.#state.kind === 'saving' || this.#state.kind === 'refused')
      this.#tell({ kind: 'editing' });
    this.#journal.ask(JOURNAL);
    this.#saving.ask(QUIET);
  }

  #keepNow(): void {
    this.#journal.stop();
    if (!this.#hasChanges) return;
    const { definition, origin, broken } = this.#present;
    const unread = this.#options.store.getState().typed ?? broken;
    const { text: baseText, revision } = this.#server;
    try {
      keep(this.#options.id, {
        definition,
        originText: origin.text,
        baseText,
        revision,
        ...(unread !== undefined && { unread }),
      });
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      this.#tell({ kind: 'refused', reason: `This browser cannot keep the draft: ${why}` });
    }
  }

  /** Saves now. Resolves when the server has the draft or has said why not. */
  async flush(): Promise<void> {
    this.#saving.stop();
    while (this.#running) await this.#running;
    this.#running = this.#options.reader
      .settle()
      .then(() => this.#save())
      .finally(() => {
        this.#running = undefined;
      });
    await this.#running;
  }

  async #save(): Promise<void> {
    const snapshot = this.#present;
    if (this.#state.kind === 'conflict') return;
    // Undo leads back to what is saved: then what the browser kept of the change meanwhile must go.
    if (snapshot === this.#saved) return this.#state.kind === 'saved' ? undefined : this.#done(snapshot);
    const text = await this.#options.texts.of(snapshot);
    if (text === this.#server.text) return this.#done(snapshot);
    if (this.#away === undefined) this.#tell({ kind: 'saving' });
    const sent = Date.now();
    this.#unanswered.set(text, snapshot.definition);
    try {
      const view = await this.#put(text);
      this.#answered();
      this.#server = { text, definition: snapshot.definition, revision: view.revision };
      this.#options.onSaved(view);
      this.#done(snapshot);
    } catch (thrown) {
      await this.#failed(thrown, sent);
    }
  }

  #answered(): void {
    this.#unanswered.clear();
    this.#away = undefined;
  }

  #put(text: string): Promise<WorkflowView> {
    return request('put', '/api/workflows/:id', {
      params: { id: this.#options.id },
      query: { draft: true, revision: this.#server.revision },
      body: { text, format: /^\s*\{/.test(text) ? 'json' : 'yaml' },
    });
  }

  #done(snapshot: Snapshot): void {
    this.#saved = snapshot;
    this.#away = undefined;
    if (this.#hasChanges) {
      this.#tell({ kind: 'editing' });
      this.#saving.ask(QUIET);
      return;
    }
    forget(this.#options.id);
    this.#tell({ kind: 'saved', at: Date.now() });
  }

  async #failed(thrown: unknown, sent: number): Promise<void> {
    if (thrown instanceof Unreachable) {
      this.#away ??= sent;
      this.#tell({ kind: 'offline', since: this.#away });
      this.#saving.ask(AGAIN);
      return;
    }
    if (thrown instanceof Refused && thrown.problem.code === 'workflow.stale_revision')
      return this.catchUp().catch((again) => this.#failed(again, sent));
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.#tell({ kind: 'refused', reason });
  }

  /** Takes in what somebody else has saved meanwhile. */
  async catchUp(): Promise<void> {
    const view = await request('get', '/api/workflows/:id', { params: { id: this.#options.id } });
    if (view.revision === this.#server.revision) return;
    const theirs = await this.#serverOf(view);
    await this.#options.reader.settle();
    const own = this.#unanswered.get(theirs.text);
    this.#answered();
    if (own) {
      // It had come through after all: nobody else has changed anything.
      this.#server = { ...theirs, definition: own };
      this.#saving.ask(0);
      return;
    }
    const base = this.#server.definition;
    const { definition: mine, broken } = this.#present;
    if (broken !== undefined) {
      this.#tell({ kind: 'conflict', theirs, merged: mine, places: ['the text, which cannot be read'] });
      return;
    }
    const { definition, conflicts } = merge(base, mine, theirs.definition);
    if (conflicts.length > 0) {
      this.#tell({ kind: 'conflict', theirs, merged: definition, places: conflicts });
      return;
    }
    this.#take(theirs, definition);
  }

  async #serverOf({ draft, source, definition, revision }: WorkflowView): Promise<Server> {
    const text = draft?.source ?? source;
    const read = await this.#options.texts.read(text);
    return { text, revision, definition: read ?? (draft?.definition as JsonObject | null) ?? definition };
  }

  #take(theirs: Server, definition: JsonObject): void {
    const hadChanges = this.#present !== this.#saved;
    this.#server = theirs;
    this.#state = { kind: 'editing' };
    this.#options.store.getState().replace(theirs, definition);
    if (!hadChanges || definition === theirs.definition) this.#done(this.#present);
    else this.#saving.ask(0);
    this.#options.onMerged();
  }

  /** Ends a conflict: with what both changed brought together, mine where they differ; or with theirs. */
  resolve(choice: 'mine' | 'theirs'): void {
    if (this.#state.kind !== 'conflict') return;
    const { theirs, merged } = this.#state;
    this.#take(theirs, choice === 'theirs' ? theirs.definition : merged);
  }

  /** What is saved has been published, or switched on or off, under this revision. */
  adopt(revision: number): void {
    this.#server = { ...this.#server, revision };
  }

  /** Stops; what is not saved yet is saved first, and stays in this browser where that fails. */
  async close(): Promise<void> {
    this.#keepNow();
    this.#saving.stop();
    this.#journal.stop();
    this.#leave();
    await this.flush();
    this.#saving.stop();
  }
}
