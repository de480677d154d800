/** Natural looks and fine detail of all shown runs: each a path in the perception–distortion plane, and a spectrum. */
import { cellOf } from '../kit/cell';
import { FrequencyView } from '../quality/frequency-view';
import { PerceptionPlane } from '../quality/perception-plane';
import { whyUnscored, type QualityRun } from '../quality/quality-run';
import type { ReadRun } from './compared-run';
import { page, saveFile, shownRuns, update } from './compare-page-state';
import { lookOf, slotId } from './slots';

const state = cellOf(page, 'quality');

export function QualitySection() {
  const runs = shownRuns.value;
  const { step } = page.value;
  const shared = {
    runs: runs.map(qualityRun),
    state,
    step,
    onStep: (asked: number | null) => {
      update({ step: asked });
    },
    save: saveFile,
  };
  return (
    <div class="quality-grid">
      <PerceptionPlane {...shared} why={whyNone(runs)} />
      <FrequencyView {...shared} />
    </div>
  );
}

function qualityRun({ slot, name, content }: ReadRun): QualityRun {
  return { id: slotId(slot), name, ...lookOf(slot), validations: content.validations };
}

/** Why no run has a score, if the first of them says so. */
function whyNone(runs: readonly ReadRun[]): string | undefined {
  const [first] = runs;
  return first && whyUnscored(first.content.validations, first.content.configuration.validation);
}
