/** What of a record a page is sent at once, however long the record is. */
import { encodeBuckets, type RecordSnapshot } from '../../protocol/record/record-snapshot';
import type { RecordReading } from './record-reader';

/** More than any chart is wide; a page that is zoomed in asks for more. */
export const MOST_BUCKETS = 4096;

export function snapshotOf({ digest, recent, making }: RecordReading): RecordSnapshot {
  const { steps, validations, events, firstTime } = digest;
  return {
    steps: encodeBuckets(steps.part(-Infinity, Infinity, MOST_BUCKETS)),
    recent: [...recent],
    validations,
    events,
    firstTime,
    making: making ?? null,
  };
}
