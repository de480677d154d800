/** How long a preset will take, said only where it was measured: from the pace of an earlier run of it in this workspace. */
import { presets, type PresetName } from '../../protocol/presets';
import type { RunEntry } from '../lab/entries';
import { countOf, formatDuration } from '../../protocol/quantities';

/** `8,500 steps · about 4 min, going by the run first`. Without a run that got through all stages, only the steps. */
export function timeHint(preset: PresetName, runs: readonly RunEntry[]): string {
  const { stages } = presets[preset];
  const words = countOf(
    stages.reduce((sum, stage) => sum + stage.steps, 0),
    'step',
  );
  for (const { name, content } of runs.toReversed()) {
    if ('problem' in content || content.ok.configuration.preset !== preset) continue;
    const { paces } = content.ok;
    const seconds = stages.reduce((sum, stage) => sum + stage.steps * (paces.get(stage.name) ?? NaN), 0);
    if (!Number.isNaN(seconds))
      return `${words} · about ${formatDuration(seconds)}, going by the run ${name}`;
  }
  return words;
}
