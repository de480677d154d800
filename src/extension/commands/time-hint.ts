/** How long a preset will take, said only where it was measured: from the pace of an earlier run of it in this workspace. */
import { presets, type PresetName } from '../../protocol/presets';
import type { RunEntry } from '../lab/entries';
import { countOf, formatDuration } from '../words';

/** `1,350 steps · about 4 min, going by the run first`. Without such a run, only the steps. */
export function timeHint(preset: PresetName, runs: readonly RunEntry[]): string {
  const steps = presets[preset].stages.reduce((sum, stage) => sum + stage.steps, 0);
  const words = countOf(steps, 'step');
  for (const { name, content } of runs.toReversed()) {
    if ('problem' in content) continue;
    const { configuration, status } = content.ok;
    if (configuration.preset === preset && status.secondsPerStep !== null)
      return `${words} · about ${formatDuration(steps * status.secondsPerStep)}, going by the run ${name}`;
  }
  return words;
}
