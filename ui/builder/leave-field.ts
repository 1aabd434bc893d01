import { type RefObject, useEffect } from 'react';
import { isTyping } from '#ui/app/typing.ts';

/**
 * Escape leaves a field of a panel, so that keys go to the canvas again. What has opened from the field takes the key
 * first: a completion, a list.
 */
export function useLeaveField(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = panel.current;
    const onKey = (event: KeyboardEvent): void => {
      const { target, key, defaultPrevented } = event;
      if (key !== 'Escape' || defaultPrevented || !(target instanceof HTMLElement) || !isTyping(event))
        return;
      if (target.getAttribute('aria-expanded') !== 'true') target.blur();
    };
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, [panel]);
}
