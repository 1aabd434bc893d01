import {
  type Edge,
  type EdgeProps,
  type InternalNode,
  type Node,
  type NodeHandle,
  Position,
  type Rect,
} from '@xyflow/react';
import type { JsonObject } from '#shared/json.ts';
import { type Note, notesOf } from '#ui/document/notes.ts';
import { type EdgePlace, type Outline, outlineOf, type StepPlace } from '#ui/document/outline.ts';
import { CONTENT, drawnBy, layoutOf, STEP } from './layout.ts';

export type StepNode = Node<{ place: StepPlace }, 'step'>;
export type FrameNode = Node<
  { place?: StepPlace; listKey: string; title: string; isBranch: boolean },
  'frame'
>;
export type NoteNode = Node<{ note: Note }, 'note'>;
export type FlowNode = StepNode | FrameNode | NoteNode;
export type FlowEdge = Edge<{ edge: EdgePlace; listKey: string }, 'step'>;

/** Everything that is drawn of a definition. */
export interface Flow {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

interface Options {
  collapsed: ReadonlySet<string>;
  isReadOnly: boolean;
}

/** How large the dots are that edges begin and end at; canvas.module.css draws them. */
const HANDLE = 10;

interface Size {
  width: number;
  height: number;
}

/** A size, and handles, that are told: edges are drawn, and what is out of sight left out, before anything is measured. */
const sized = ({ width, height }: Size, handles: NodeHandle[] = []) => ({
  width,
  height,
  measured: { width, height },
  handles,
});

const handlesOf = ({ width, height }: Size): NodeHandle[] => {
  const [x, y] = [(width - HANDLE) / 2, (height - HANDLE) / 2];
  const size = { width: HANDLE, height: HANDLE };
  return [
    { type: 'target', position: Position.Top, x, y: -HANDLE / 2, ...size },
    { id: 'success', type: 'source', position: Position.Bottom, x, y: height - HANDLE / 2, ...size },
    { id: 'failure', type: 'source', position: Position.Right, x: width - HANDLE / 2, y, ...size },
  ];
};

/** Where a node is on the canvas, in no frame's measure. */
export const boxOf = ({ internals, width = 0, height = 0 }: InternalNode<FlowNode>): Rect => ({
  ...internals.positionAbsolute,
  width,
  height,
});

/** The handle that an edge of a type begins at, where it is not the plain one. */
const HANDLES: Record<string, string> = { failure: 'failure' };

/** Where an edge begins and ends. */
export type Ends = Pick<
  EdgeProps,
  'sourceX' | 'sourceY' | 'sourcePosition' | 'targetX' | 'targetY' | 'targetPosition'
>;

/** Where an edge between two steps begins and ends: on the far side of the one's handle and the near side of the other's. */
export const endsOf = (source: Rect, target: Rect, handle: FlowEdge['sourceHandle']): Ends => ({
  ...(handle === HANDLES.failure
    ? {
        sourceX: source.x + source.width + HANDLE / 2,
        sourceY: source.y + source.height / 2,
        sourcePosition: Position.Right,
      }
    : {
        sourceX: source.x + source.width / 2,
        sourceY: source.y + source.height + HANDLE / 2,
        sourcePosition: Position.Bottom,
      }),
  targetX: target.x + target.width / 2,
  targetY: target.y - HANDLE / 2,
  targetPosition: Position.Top,
});

function stepNodes(outline: Outline, { collapsed, isReadOnly }: Options): FlowNode[] {
  const boxes = layoutOf(outline, collapsed);
  const nodes: FlowNode[] = [];
  const add = (list: Outline['lists'][number]): void => {
    const parentId = drawnBy(list);
    for (const place of list.places) {
      const { x, y, ...size } = boxes.get(place.id) ?? { x: 0, y: 0, ...STEP };
      const common = {
        id: place.id,
        position: parentId === undefined ? { x, y } : { x: x + CONTENT.x, y: y + CONTENT.y },
        ...sized(size, handlesOf(size)),
        draggable: !isReadOnly,
        ...(parentId !== undefined && { parentId }),
      };
      const isOpen = place.lists.length > 0 && !collapsed.has(place.id);
      if (!isOpen) {
        nodes.push({ ...common, type: 'step', data: { place } });
        continue;
      }
      const listKey = place.lists[0]?.key ?? '';
      nodes.push({ ...common, type: 'frame', data: { place, listKey, title: place.name, isBranch: false } });
      for (const inner of place.lists) {
        if (drawnBy(inner) !== place.id) nodes.push(branchNode(inner, place.id, boxes.get(inner.key)));
        add(inner);
      }
    }
  };
  for (const list of outline.lists.filter(({ holder }) => !holder)) {
    if (list.key === 'finally' && list.places.length > 0)
      nodes.push({ ...branchNode(list, undefined, boxes.get(list.key)), draggable: false });
    add(list);
  }
  return nodes;
}

const branchNode = (
  { key, title }: Outline['lists'][number],
  parentId: string | undefined,
  { x, y, ...size } = { x: 0, y: 0, ...STEP },
): FrameNode => ({
  id: key,
  type: 'frame',
  position: { x, y },
  ...sized(size),
  draggable: false,
  selectable: false,
  deletable: false,
  connectable: false,
  ...(parentId !== undefined && { parentId }),
  data: { listKey: key, title, isBranch: true },
});

const noteNode = (note: Note, isReadOnly: boolean): NoteNode => ({
  id: note.id,
  type: 'note',
  position: note.position,
  ...sized(note),
  draggable: !isReadOnly,
  connectable: false,
  zIndex: -1,
  data: { note },
});

const edgeOf = (edge: EdgePlace, listKey: string): FlowEdge => ({
  id: edge.id,
  source: edge.source,
  target: edge.target,
  sourceHandle: HANDLES[edge.type] ?? 'success',
  type: 'step',
  data: { edge, listKey },
});

/** What the canvas draws of a definition. */
export function flowOf(definition: JsonObject, options: Options): Flow {
  const outline = outlineOf(definition);
  const nodes = stepNodes(outline, options);
  const drawn = new Set(nodes.map(({ id }) => id));
  return {
    nodes: [...notesOf(definition).map((note) => noteNode(note, options.isReadOnly)), ...nodes],
    edges: outline.lists.flatMap(({ edges, key }) =>
      edges
        .filter(({ source, target }) => drawn.has(source) && drawn.has(target))
        .map((edge) => edgeOf(edge, key)),
    ),
  };
}

/** Where a step that was drawn at a point of its frame is written to stand. */
export const writtenPoint = (node: Pick<FlowNode, 'position' | 'parentId'>): { x: number; y: number } =>
  node.parentId === undefined
    ? node.position
    : { x: node.position.x - CONTENT.x, y: node.position.y - CONTENT.y };
