/**
 * Work that can wait for a frame, one piece a frame: many charts that all have something new are drawn one after another, and
 * nothing else on the page stands still meanwhile.
 */
import { useEffect, useRef, useState } from 'preact/hooks';

const waiting = new Set<() => void>();
let scheduled = false;

function schedule(): void {
  if (scheduled || waiting.size === 0) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    next();
    schedule();
  });
}

/** The newest value, once it is this component's turn; until then the one before. */
export function useInTurn<T>(newest: T): T {
  const [taken, setTaken] = useState(() => newest);
  const current = useRef(newest);
  current.current = newest;
  const turn = useRef(() => {
    setTaken(() => current.current);
  });
  useEffect(() => {
    if (Object.is(newest, taken)) return;
    waiting.add(turn.current);
    schedule();
  }, [newest]);
  useEffect(() => () => void waiting.delete(turn.current), []);
  return taken;
}
