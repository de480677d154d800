/** A line whose facts come and go: once it needed two rows it keeps them, so that nothing below it jumps. */
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Keeps an element as high as it ever was at its present width. */
export function useSteadyHeight(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { current: line } = element;
    if (!line) return;
    const original = line.style.minHeight;
    let width = line.offsetWidth;
    let height = 0;
    const observer = new ResizeObserver(() => {
      if (line.offsetWidth !== width) {
        width = line.offsetWidth;
        line.style.minHeight = original;
        height = 0;
      }
      if (line.offsetHeight <= height) return;
      height = line.offsetHeight;
      line.style.minHeight = `${height}px`;
    });
    observer.observe(line, { box: 'border-box' });
    return () => {
      observer.disconnect();
      line.style.minHeight = original;
    };
  }, [element]);
}
