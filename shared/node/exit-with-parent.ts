/** What a child tells its supervisor once it can do its work. */
export interface ReadyMessage {
  ready: true;
  /** Where it listens, if it listens. */
  url?: string;
}

/**
 * Ends this process when the supervisor that started it is gone: the channel between the two closes with its
 * owner, even one killed with SIGKILL. Does nothing in a process started by hand.
 *
 * The channel alone does not keep the process alive.
 */
export function exitWithParent(): void {
  if (process.channel == null) return;
  process.once('disconnect', () => process.exit(0));
  process.channel.unref();
}

/** Tells the supervisor that this process is ready. Does nothing in a process started by hand. */
export function reportReady(facts: { url?: string } = {}): void {
  const message: ReadyMessage = { ready: true, ...facts };
  process.send?.(message);
}
