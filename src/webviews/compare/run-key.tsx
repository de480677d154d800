/** The mark of a run: a piece of its line, as it is drawn in the curves. */
import { lookOf } from './slots';

export function RunKey({ slot }: { slot: number }) {
  const { colour, line } = lookOf(slot);
  return <span class={`legend-key legend-${line} role-${colour} run-key`} aria-hidden="true" />;
}
