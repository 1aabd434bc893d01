import { type ComponentType, createElement, lazy, type ReactElement } from 'react';

/** A component whose code is fetched apart from the page's. */
export type Late<P extends object> = ComponentType<P> & {
  /** Fetches the code now, so that nothing has to be waited for later. */
  prefetch(): Promise<void>;
};

/** How often what is needed now is fetched anew while the server is away, and the time between, in milliseconds. */
const TRIES = 30;
const PAUSE = 1_000;

async function insisted<T>(load: () => Promise<T>, tries = TRIES): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    if (tries <= 1) throw thrown;
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  return insisted(load, tries - 1);
}

/**
 * A component that is fetched when it is first drawn; a `Suspense` around it says what stands there until then, for as
 * long as the server is away, and a `Boundary` takes it where it stays away for half a minute.
 * One that was fetched before is drawn at once, without a frame of the fallback.
 */
export function late<P extends object>(load: () => Promise<ComponentType<P>>): Late<P> {
  let loaded: ComponentType<P> | undefined;
  // Whichever is drawn first stays: with another one, what is on the page would begin anew.
  let drawn: ComponentType<P> | undefined;
  const fetched = async (): Promise<{ default: ComponentType<P> }> => {
    loaded = await load();
    return { default: loaded };
  };
  const lazily: ComponentType<P> = lazy(() => insisted(fetched));
  const draw = (props: P): ReactElement => {
    drawn ??= loaded ?? lazily;
    return createElement(drawn, props);
  };
  const prefetch = async (): Promise<void> => {
    await fetched();
  };
  return Object.assign(draw, { prefetch });
}

/** How long a busy page may put off what is fetched ahead, in milliseconds. */
const PATIENCE = 4_000;

/**
 * Does something once the page has nothing better to do, one after another.
 * What fails here is done again, and told, when it is needed. Answers what calls it off.
 */
export function whenIdle(works: readonly (() => Promise<unknown>)[]): () => void {
  let isCalledOff = false;
  const next = (index: number): void => {
    const work = works[index];
    if (isCalledOff || !work) return;
    const goOn = (): void => soon(() => next(index + 1));
    work().then(goOn, goOn);
  };
  soon(() => next(0));
  return () => {
    isCalledOff = true;
  };
}

/** Safari has no idle callbacks. */
function soon(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: PATIENCE });
  else setTimeout(work, PATIENCE / 4);
}
