/** Steps of a run under the stage: drag through them, step, or play them one after the other. */
import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button, Slider } from '../kit/controls';
import { count } from '../kit/format';

export interface StageSteps {
  /** Ascending. */
  values: readonly number[];
  index: number;
  /** Clamped to the steps there are; the last one follows the run. */
  select: (index: number) => void;
  /** What to say besides the number, e.g. the stage. */
  describe: (step: number) => string;
}

const FRAME_MS = 400;

export function Scrubber(props: { steps: StageSteps; playing: Signal<boolean>; loading: boolean }) {
  const { steps, playing, loading } = props;
  const last = steps.values.length - 1;
  const atEnd = steps.index >= last;

  useEffect(() => {
    if (!playing.value || loading) return;
    if (atEnd) {
      playing.value = false;
      return;
    }
    const timer = setTimeout(() => {
      steps.select(steps.index + 1);
    }, FRAME_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [playing.value, loading, steps.index, last]);

  const step = steps.values[steps.index];
  if (step === undefined) return null;
  const text = `step ${count(step)}`;
  return (
    <div class="scrubber" role="group" aria-label="Steps">
      <Button
        appearance="icon"
        icon="chevron-left"
        title="Earlier step ( [ )"
        disabled={steps.index === 0}
        onPress={() => {
          steps.select(steps.index - 1);
        }}
      />
      <Button
        appearance="icon"
        icon={playing.value ? 'debug-pause' : 'play'}
        title={playing.value ? 'Pause (space)' : 'Play the steps (space)'}
        disabled={last < 1}
        onPress={() => {
          if (!playing.value && atEnd) steps.select(0);
          playing.value = !playing.value;
        }}
      />
      <Button
        appearance="icon"
        icon="chevron-right"
        title="Later step ( ] )"
        disabled={atEnd}
        onPress={() => {
          steps.select(steps.index + 1);
        }}
      />
      <Slider
        class="scrubber-slider"
        label="Step of the picture"
        min={0}
        max={last}
        step={1}
        value={steps.index}
        valueText={text}
        onInput={(index) => {
          playing.value = false;
          steps.select(index);
        }}
      />
      <span class="scrubber-text">
        {text}
        <span class="scrubber-detail">{steps.describe(step)}</span>
      </span>
    </div>
  );
}
