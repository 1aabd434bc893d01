import { useStore } from '@xyflow/react';
import { useShallow } from 'zustand/react/shallow';
import classes from './canvas.module.css';

/** In the drawing's own units: two steps of the grid that things are placed on. */
const GAP = 16;
/** In pixels of the screen: dots nearer than this are only a haze. */
const NEAREST = 10;

/** From afar, every second dot is left out, and of those every second: so that they stay apart. */
function gapAt(zoom: number): number {
  const gap = GAP * zoom;
  return gap * 2 ** Math.max(0, Math.ceil(Math.log2(NEAREST / gap)));
}

/**
 * The dots that the drawing lies on. The library's are an svg pattern, which a browser paints anew all over the canvas
 * whenever anything on the page is laid out: a letter in a field took 20 ms for that alone.
 */
export function DotGrid() {
  const { x, y, zoom } = useStore(useShallow(({ transform: [x, y, zoom] }) => ({ x, y, zoom })));
  const gap = gapAt(zoom);
  return (
    <div
      className={classes.dotGrid}
      data-testid="dots"
      style={{ backgroundSize: `${gap}px ${gap}px`, backgroundPosition: `${x - gap / 2}px ${y - gap / 2}px` }}
    />
  );
}
