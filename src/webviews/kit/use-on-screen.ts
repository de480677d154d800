/** Whether an element is in sight or nearly so: what is not need not be drawn. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** @param before what is told until it is known, which takes a frame */
export function useOnScreen(element: RefObject<HTMLElement | null>, before = true): boolean {
  const [onScreen, setOnScreen] = useState(before);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        setOnScreen(entries.at(-1)!.isIntersecting);
      },
      { rootMargin: '150px' },
    );
    observer.observe(element.current!);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return onScreen;
}
