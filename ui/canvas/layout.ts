import { layout as dagre, graphlib } from '@dagrejs/dagre';
import { isObject } from '#shared/json.ts';
import type { ListPlace, Outline, StepPlace } from '#ui/document/outline.ts';
import type { Point } from '#ui/document/steps.ts';

export const STEP = { width: 224, height: 64 };

/** Height of a frame's header, and the space around what is in it. */
export const HEADER = 40;
export const PADDING = 24;
const GAP = 56;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where each step and each frame stands, relative to the frame it is in. */
export type Layout = ReadonlyMap<string, Box>;

interface Size {
  width: number;
  height: number;
}

/** What decides where the steps of a list stand, as long as nobody puts them anywhere. */
interface Parts {
  sizes: [id: string, size: Size][];
  edges: { source: string; target: string }[];
}

const EMPTY: Size = { width: STEP.width, height: STEP.height };

const writtenPosition = ({ step }: StepPlace): Point | undefined => {
  const { position } = step;
  if (!isObject(position) || typeof position.x !== 'number' || typeof position.y !== 'number')
    return undefined;
  return { x: position.x, y: position.y };
};

/** Of a large graph, dagre's `tight-tree` takes up to a third less time than its default; edges come out at most 4 % longer. */
function arranged({ sizes, edges }: Parts): ReadonlyMap<string, Point> {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', ranker: 'tight-tree', nodesep: 40, ranksep: GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, size] of sizes) graph.setNode(id, { ...size });
  for (const { source, target } of edges) graph.setEdge(source, target);
  dagre(graph);
  return new Map(
    sizes.map(([id, { width, height }]) => {
      const { x, y } = graph.node(id) as Point;
      return [id, { x: onGrid(x - width / 2), y: onGrid(y - height / 2) }];
    }),
  );
}

const onGrid = (length: number): number => Math.round(length / 8) * 8;

const NO_CORNERS: ReadonlyMap<string, Point> = new Map();

/** Of each list, what was arranged last. */
const known = new Map<string, { shape: string; corners: ReadonlyMap<string, Point> }>();

/** The same as last time where the parts are: a step that was moved has nothing arranged anew, which can take long. */
function cornersOf(list: string, parts: Parts): ReadonlyMap<string, Point> {
  const shape = JSON.stringify([parts.sizes, parts.edges.map(({ source, target }) => [source, target])]);
  const last = known.get(list);
  if (last?.shape === shape) return last.corners;
  const corners = arranged(parts);
  known.set(list, { shape, corners });
  return corners;
}

class Layouter {
  readonly boxes = new Map<string, Box>();
  readonly #collapsed: ReadonlySet<string>;

  constructor(collapsed: ReadonlySet<string>) {
    this.#collapsed = collapsed;
  }

  /** Places a list's steps and says how much room they take, from 0,0. */
  list({ key, places, edges }: ListPlace): Size {
    if (places.length === 0) return EMPTY;
    const sizes = new Map(places.map((place) => [place.id, this.#sizeOf(place)]));
    const corners = places.every(writtenPosition)
      ? NO_CORNERS
      : cornersOf(key, { sizes: [...sizes], edges: edges.filter(({ target }) => sizes.has(target)) });
    for (const place of places) {
      const corner = writtenPosition(place) ?? (corners.get(place.id) as Point);
      this.boxes.set(place.id, { ...corner, ...(sizes.get(place.id) ?? EMPTY) });
    }
    this.#spread(places);
    const boxes = places.map(({ id }) => this.boxes.get(id) as Box);
    return {
      width: Math.max(...boxes.map(({ x, width }) => x + width)),
      height: Math.max(...boxes.map(({ y, height }) => y + height)),
    };
  }

  /** A step that nobody has put anywhere keeps clear of those that somebody has. */
  #spread(places: readonly StepPlace[]): void {
    const fixed = places.filter(writtenPosition).map(({ id }) => this.boxes.get(id) as Box);
    if (fixed.length === 0) return;
    for (const place of places) {
      if (writtenPosition(place)) continue;
      const box = this.boxes.get(place.id) as Box;
      const before = place.list.edges.find(({ target }) => target === place.id);
      const source = before && this.boxes.get(before.source);
      const next = source
        ? { ...box, x: source.x + source.width / 2 - box.width / 2, y: source.y + source.height + GAP }
        : { ...box };
      while (fixed.some((other) => isOverlapping(next, other))) next.y += GAP;
      this.boxes.set(place.id, next);
      fixed.push(next);
    }
  }

  #sizeOf(place: StepPlace): Size {
    if (place.lists.length === 0 || this.#collapsed.has(place.id)) return STEP;
    const [only] = place.lists;
    if (only && drawnBy(only) === place.id) return framed(this.list(only));
    let x = PADDING;
    let height = 0;
    for (const list of place.lists) {
      const size = framed(this.list(list));
      this.boxes.set(list.key, { x, y: HEADER + PADDING, ...size });
      x += size.width + PADDING;
      height = Math.max(height, size.height);
    }
    for (const list of place.lists)
      this.boxes.set(list.key, { ...(this.boxes.get(list.key) as Box), height });
    return { width: Math.max(STEP.width, x), height: height + HEADER + 2 * PADDING };
  }
}

const framed = ({ width, height }: Size): Size => ({
  width: width + 2 * PADDING,
  height: height + 2 * PADDING + HEADER,
});

/** The node of the canvas that a list is drawn in: its holder, where that has no other; a frame of its own; or none. */
export function drawnBy({ key, title, holder }: ListPlace): string | undefined {
  if (key === 'steps') return undefined;
  return holder && title === '' ? holder.id : key;
}

const isOverlapping = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** All that a layout depends on, as text: typing a name does not lay anything out anew. */
function shapeOf({ lists }: Outline, collapsed: ReadonlySet<string>): string {
  const shapes = lists.map(({ key, title, places, edges }) => [
    key,
    title === '',
    places.map((place) => [place.id, place.lists.length, writtenPosition(place)]),
    edges.map(({ source, target }) => [source, target]),
  ]);
  return JSON.stringify([shapes, [...collapsed]]);
}

let latest: { shape: string; layout: Layout } | undefined;

/** Lays out all of a definition: where steps were put by hand they stay, the rest follows the edges. */
export function layoutOf(outline: Outline, collapsed: ReadonlySet<string> = new Set()): Layout {
  const shape = shapeOf(outline, collapsed);
  if (latest?.shape !== shape) latest = { shape, layout: laidOut(outline, collapsed) };
  return latest.layout;
}

function laidOut(outline: Outline, collapsed: ReadonlySet<string>): Layout {
  const layouter = new Layouter(collapsed);
  const [steps, last] = outline.lists.filter(({ holder }) => !holder);
  const root = steps ? layouter.list(steps) : EMPTY;
  if (last && last.places.length > 0) {
    const inner = layouter.list(last);
    const boxes = steps?.places.map(({ id }) => layouter.boxes.get(id) as Box) ?? [];
    const left = boxes.length > 0 ? Math.min(...boxes.map(({ x }) => x)) : 0;
    layouter.boxes.set(last.key, {
      x: left,
      y: (boxes.length > 0 ? root.height : 0) + 2 * GAP,
      ...framed(inner),
    });
  }
  return layouter.boxes;
}

/** Where the content of a frame begins, from its corner. */
export const CONTENT = { x: PADDING, y: PADDING + HEADER };
