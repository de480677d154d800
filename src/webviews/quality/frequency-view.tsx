/**
 * The frequency view: how much power pictures have at each frequency, bicubic, SR and HR, with a scrubber over the steps.
 * Where SR falls below HR at high frequencies, it is blurred, whatever its PSNR.
 */
import { computed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Chart } from '../chart/chart';
import type { SaveFile } from '../chart/chart-actions';
import { chartGroup } from '../chart/chart-group';
import type { Baseline } from '../chart/curve';
import type { Cell } from '../kit/cell';
import { Segmented } from '../kit/controls';
import { Scrubber } from '../stage/scrubber';
import './quality.css';
import { lineAt, spectralLines, stepsOf, type QualityRun } from './quality-run';
import { frequencyCell, type QualityState } from './quality-state';
import { FREQUENCY_RANGE, sameScenes, spectrumCurves, spectrumTable } from './spectra';
import { detailSentence, stageSentence } from './words';

export interface FrequencyViewProps {
  runs: readonly QualityRun[];
  state: Cell<QualityState>;
  /** Step that the page shows; null follows the runs. */
  step: number | null;
  onStep: (step: number | null) => void;
  save: SaveFile;
}

const HR_LINE: readonly Baseline[] = [{ label: 'HR', value: 0, colour: 'hr' }];
const NO_LINES: readonly Baseline[] = [];
const AXIS = { name: 'frequency', plural: 'frequencies', unit: ' %' };
const notes = {
  relative: 'Power less HR’s in dB, by frequency in per cent of Nyquist; at 0 dB SR has as much as HR.',
  power: 'Mean power over all directions in dB, by frequency in per cent of Nyquist.',
};

export function FrequencyView({ runs, state, step, onStep, save }: FrequencyViewProps) {
  const playing = useSignal(false);
  const { spectra } = state.value;
  const relative = spectra === 'relative';
  const group = useMemo(
    () =>
      chartGroup(
        frequencyCell(state),
        computed(() => ({ step: FREQUENCY_RANGE, time: FREQUENCY_RANGE })),
      ),
    [state],
  );
  const measured = runs.map((run) => ({ run, lines: spectralLines(run) }));
  const steps = stepsOf(measured.map(({ lines }) => lines));
  const shown = measured.flatMap(({ run, lines }) => {
    const line = lineAt(lines, step);
    return line ? [{ run, line }] : [];
  });
  const key = shown.map(({ run, line }) => `${run.id} ${run.name} ${line.step} ${line.time}`).join('\n');
  const curves = useMemo(() => spectrumCurves(shown, relative), [key, relative]);
  const table = useMemo(() => spectrumTable(shown, relative), [key, relative]);
  const last = steps.length - 1;
  const index =
    step === null
      ? last
      : Math.max(
          0,
          steps.findLastIndex((each) => each <= step),
        );

  return (
    <section class="section quality-frequency" aria-label="Frequency">
      <div class="section-header">
        <h2>Frequency</h2>
        {shown.length > 0 && (
          <Segmented
            label="Spectra"
            choices={[
              { value: 'relative', label: 'Beside HR', title: 'How much more or less power than HR' },
              { value: 'power', label: 'Power', title: 'The power spectra themselves' },
            ]}
            value={spectra}
            onChange={(chosen) => {
              state.set({ ...state.value, spectra: chosen });
            }}
          />
        )}
      </div>
      {shown.length === 0 ? (
        <p class="muted">
          Spectra of the validation crops come with the first validation; runs of earlier versions have none.
        </p>
      ) : (
        <>
          <Chart
            id={`spectrum-${spectra}`}
            title="Radial power spectrum of the validation crops"
            note={notes[spectra]}
            axis={AXIS}
            table={table}
            revision={0}
            curves={curves}
            baselines={relative ? HR_LINE : NO_LINES}
            group={group}
            empty="No spectrum"
            save={save}
          />
          {steps.length > 1 && (
            <Scrubber
              playing={playing}
              loading={false}
              steps={{
                values: steps,
                index,
                select: (asked) => {
                  const next = Math.min(last, Math.max(0, asked));
                  onStep(next === last ? null : (steps[next] ?? null));
                },
                describe: () => '',
              }}
            />
          )}
          <ul class="quality-words">
            {shown.map(({ run, line }) => (
              <li key={run.id}>{detailSentence(runs.length === 1 ? 'SR' : run.name, line)}</li>
            ))}
            {measured.map(({ run, lines }) => {
              const sentence = stageSentence(runs.length === 1 ? 'SR' : run.name, lines);
              return sentence && <li key={`${run.id} stage`}>{sentence}</li>;
            })}
            {!sameScenes(shown) && (
              <li>
                The runs were validated on different crops: bicubic{relative ? ' is' : ' and HR are'} those of{' '}
                {shown[0]!.run.name}.
              </li>
            )}
          </ul>
        </>
      )}
    </section>
  );
}
