import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import classes from './resizable.module.css';

interface Limits {
  initial: number;
  smallest: number;
  largest: number;
}

const STEP = 16;

const clamp = (value: number, { smallest, largest }: Limits): number =>
  Math.round(Math.min(largest, Math.max(smallest, value)));

function remembered(name: string, limits: Limits): number {
  const size = Number(localStorage.getItem(`acas:size:${name}`));
  return size > 0 ? clamp(size, limits) : limits.initial;
}

/** The size of a panel in pixels, which people can change and the browser remembers. */
export function useSize(name: string, limits: Limits): [number, (size: number) => void] {
  const [size, setSize] = useState(() => remembered(name, limits));
  return [
    size,
    (next) => {
      const allowed = clamp(next, limits);
      localStorage.setItem(`acas:size:${name}`, String(allowed));
      setSize(allowed);
    },
  ];
}

/** The edge of a panel that is dragged, or moved with the arrow keys, to give it another size. */
export function ResizeEdge({
  label,
  side,
  size,
  onResize,
}: {
  label: string;
  /** On which side of the edge the panel is. */
  side: 'left' | 'right' | 'below';
  size: number;
  onResize: (size: number) => void;
}) {
  const isUpright = side !== 'below';
  const sign = side === 'left' ? 1 : -1;
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const element = event.currentTarget;
    const start = isUpright ? event.clientX : event.clientY;
    element.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent): void =>
      onResize(size + sign * ((isUpright ? move.clientX : move.clientY) - start));
    const onUp = (): void => {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onResize(size + sign * by * STEP);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; a focusable separator is ARIA's splitter.
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isUpright ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      className={classes.edge}
      data-upright={isUpright || undefined}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
