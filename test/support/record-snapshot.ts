/** What a run page would be sent of these lines. */
import type { MetricsLine } from '../../src/protocol/metrics';
import { encodeBuckets, type RecordSnapshot } from '../../src/protocol/record/record-snapshot';
import { StepDigest } from '../../src/protocol/record/step-digest';

export function recordSnapshot(lines: Iterable<MetricsLine>, capacity = 4096): RecordSnapshot {
  const digest = new StepDigest(capacity);
  const snapshot: RecordSnapshot = {
    steps: { width: 1, values: '' },
    recent: [],
    validations: [],
    events: [],
    firstTime: null,
    making: null,
  };
  for (const line of lines) {
    snapshot.firstTime ??= line.time;
    if (line.kind === 'validation') snapshot.validations.push(line);
    else if (line.kind === 'event') snapshot.events.push(line);
    else {
      digest.append(line);
      snapshot.recent.push(line);
      if (snapshot.recent.length > 512) snapshot.recent = snapshot.recent.slice(-256);
    }
  }
  return { ...snapshot, steps: encodeBuckets(digest), recent: snapshot.recent.slice(-256) };
}
