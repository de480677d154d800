/** A value that changes often, told at most so often: for what is costly to work out anew. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** The newest value, at most `pause` milliseconds old. */
export function useSlowly<T>(newest: T, pause: number): T {
  const [told, setTold] = useState(() => newest);
  const current = useRef(newest);
  current.current = newest;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      setTold(() => current.current);
    }, pause);
  }, [newest]);
  useEffect(
    () => () => {
      clearTimeout(timer.current ?? undefined);
    },
    [],
  );
  return told;
}
