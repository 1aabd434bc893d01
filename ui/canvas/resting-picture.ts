import type { Rect } from '@xyflow/react';
import classes from './canvas.module.css';

/** Says on the canvas that the steps are shown by their picture, and on a node that it is not part of it. */
const [PICTURED, MOVING] = ['data-pictured', 'data-moving'];

/**
 * Shows the steps as one picture, but for those that move; answers what takes the picture away. The library places each
 * node by itself, and the browser goes through all of them at every frame, where blocks one below the other are drawn as
 * one. For steps that are seen from far, which are a box with a name in it.
 */
export function showPicture(
  canvas: HTMLElement,
  boxOf: (id: string) => Rect | undefined,
  moving: ReadonlyMap<string, HTMLElement>,
): () => void {
  const picture = document.createElement('div');
  picture.className = classes.picture ?? '';
  picture.ariaHidden = 'true';
  let below = 0;
  for (const node of canvas.querySelectorAll<HTMLElement>('.react-flow__node-step')) {
    const id = node.dataset.id ?? '';
    const box = boxOf(id);
    if (!box || moving.has(id) || !(node.firstElementChild instanceof HTMLElement)) continue;
    picture.append(copyOf(node.firstElementChild, box, below));
    below = box.y + box.height;
  }
  for (const node of moving.values()) node.setAttribute(MOVING, '');
  canvas.setAttribute(PICTURED, '');
  canvas.querySelector('.react-flow__viewport-portal')?.append(picture);
  return () => {
    picture.remove();
    canvas.removeAttribute(PICTURED);
    for (const node of moving.values()) node.removeAttribute(MOVING);
  };
}

/** A step's box and its name, at its place below what has been drawn so far. */
function copyOf(step: HTMLElement, { x, y, width, height }: Rect, below: number): HTMLElement {
  const copy = step.cloneNode() as HTMLElement;
  copy.removeAttribute('data-testid');
  copy.textContent = step.textContent;
  Object.assign(copy.style, {
    width: `${width}px`,
    height: `${height}px`,
    marginLeft: `${x}px`,
    marginTop: `${y - below}px`,
  });
  return copy;
}
