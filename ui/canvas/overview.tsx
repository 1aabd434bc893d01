import { Panel, type Rect, useReactFlow, useStore } from '@xyflow/react';
import { type PointerEvent, useMemo, type WheelEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import classes from './canvas.module.css';
import { boxOf, type FlowEdge, type FlowNode } from './flow.ts';
import { useRestingNodes } from './use-nodes.ts';

/** In pixels. */
const MAP = { width: 144, height: 108 };
/** Left free around what is drawn, as a part of the map. */
const MARGIN = 0.05;
/** How much nearer a pixel of the wheel goes: the power of two that it is counted as. */
const WHEEL = 0.002;

const outline = ({ x, y, width, height }: Rect): string => `M${x} ${y}h${width}v${height}h${-width}z`;

/** The part of the drawing that is in view. */
const useView = (): Rect =>
  useStore(
    useShallow(({ transform: [left, top, zoom], width, height }) => ({
      x: -left / zoom,
      y: -top / zoom,
      width: width / zoom,
      height: height / zoom,
    })),
  );

const around = (a: Rect, b: Rect): Rect => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
};

/** What the map shows of the drawing, in the map's own shape. */
function shown(all: Rect): Rect {
  const scale = Math.max(all.width / MAP.width, all.height / MAP.height, Number.EPSILON) * (1 + 2 * MARGIN);
  const [width, height] = [MAP.width * scale, MAP.height * scale];
  return { x: all.x - (width - all.width) / 2, y: all.y - (height - all.height) / 2, width, height };
}

/**
 * A small map of all of it, to see and to choose what is in view: press or drag to go there, wheel to come nearer. The
 * library's own keeps a component for each node, which costs a large workflow more at each move than the move.
 */
export function Overview() {
  const { setCenter, getZoom, zoomTo, getNodesBounds, getInternalNode } = useReactFlow<FlowNode, FlowEdge>();
  const nodes = useRestingNodes();
  const view = useView();
  const drawn = useMemo(() => {
    const boxes = nodes.flatMap(({ id, type }) => {
      const node = getInternalNode(id);
      return node ? [{ isFrame: type === 'frame', path: outline(boxOf(node)) }] : [];
    });
    const pathOf = (isFrame: boolean) =>
      boxes.flatMap((box) => (box.isFrame === isFrame ? [box.path] : [])).join('');
    return { bounds: getNodesBounds([...nodes]), frames: pathOf(true), steps: pathOf(false) };
  }, [nodes, getNodesBounds, getInternalNode]);
  const map = shown(around(drawn.bounds, view));
  const goTo = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const scale = map.width / MAP.width;
    const [x, y] = [map.x + (event.clientX - left) * scale, map.y + (event.clientY - top) * scale];
    void setCenter(x, y, { zoom: getZoom() });
  };
  const onWheel = ({ deltaY }: WheelEvent): void => void zoomTo(getZoom() * 2 ** (-deltaY * WHEEL));
  return (
    <Panel position="bottom-right" className={classes.map}>
      <svg
        {...MAP}
        viewBox={`${map.x} ${map.y} ${map.width} ${map.height}`}
        role="img"
        aria-label="Map of the workflow"
        onPointerDown={goTo}
        onPointerMove={goTo}
        onWheel={onWheel}
      >
        <path d={drawn.frames} className={classes.mapFrames} />
        <path d={drawn.steps} className={classes.mapSteps} />
        <path d={outline(map) + outline(view)} className={classes.mapRest} />
      </svg>
    </Panel>
  );
}
