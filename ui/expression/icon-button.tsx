import type { LucideIcon } from 'lucide-react';
import type { Ref } from 'react';
import classes from './expression-field.module.css';

/**
 * A small button with an icon, as every field has some. A plain element: a form has dozens, and they are drawn
 * again with each key press.
 */
export function IconButton({
  icon: Icon,
  label,
  hint,
  isDisabled = false,
  onClick,
  ref,
}: {
  icon: LucideIcon;
  /** What it does and to what, for those who cannot see where it stands. */
  label: string;
  /** Shown on hover; the label where absent. */
  hint?: string;
  isDisabled?: boolean;
  onClick(): void;
  ref?: Ref<HTMLButtonElement>;
}) {
  return (
    <button
      type="button"
      ref={ref}
      className={classes.button}
      aria-label={label}
      title={hint ?? label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={12} aria-hidden />
    </button>
  );
}
