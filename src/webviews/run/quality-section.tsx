/** How natural the run's pictures look and how much fine detail they have, beside what they score. */
import { useMemo } from 'preact/hooks';
import { cellOf } from '../kit/cell';
import { FrequencyView } from '../quality/frequency-view';
import { PerceptionPlane } from '../quality/perception-plane';
import { whyUnscored, type QualityRun } from '../quality/quality-run';
import { saver } from './curves-section';
import { page, type Run } from './run-page-state';

const state = cellOf(page, 'quality');

const onStep = (step: number | null) => {
  page.value = { ...page.value, step };
};

export function QualitySection({ run }: { run: Run }) {
  const { record, revision, configuration } = run;
  const { step } = page.value;
  const runs = useMemo(
    (): QualityRun[] => [
      {
        id: 'run',
        name: configuration.name,
        colour: 'sr',
        line: 'solid',
        validations: [...record.validationLines],
      },
    ],
    [record, revision, configuration.name],
  );
  const save = useMemo(() => saver(configuration.name), [configuration.name]);
  const why = whyUnscored(record.validationLines, configuration.validation);
  return (
    <div class="quality-grid">
      <FrequencyView runs={runs} state={state} step={step} onStep={onStep} save={save} />
      <PerceptionPlane runs={runs} state={state} step={step} onStep={onStep} save={save} why={why} />
    </div>
  );
}
