import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/** Bytes a plugin may write from one answer to the next. */
export const MOST_OUTPUT = 10 * 1024 * 1024;

/** The way to a plugin; knows how it ended. */
export interface PluginTransport extends Transport {
  /** How it ended, in words; undefined while it has not. */
  readonly end: string | undefined;
  /** The end of what the plugin wrote to its standard error. */
  readonly errors: string;
  /** Whether it was ended for how much it wrote. */
  readonly wroteTooMuch: boolean;
  /** Ends it at once, and waits until it has ended. */
  kill(): Promise<void>;
}
