/** How often each level occurs: red, green and blue over each other, luma as a line; on a root scale, so that few are seen. */
import type { Histogram } from '../../protocol/preview';
import { percent } from '../kit/format';
import { levelsPath, shareAtEnds } from './levels';

const channels = ['red', 'green', 'blue'] as const;

export function LevelsChart({ levels }: { levels: Histogram }) {
  const most = Math.max(...channels.flatMap((channel) => levels[channel]), ...levels.luma);
  const { black, white } = shareAtEnds(levels);
  return (
    <figure class="levels">
      <svg viewBox="0 0 256 100" preserveAspectRatio="none" role="img" aria-label={summary(black, white)}>
        {channels.map((channel) => (
          <path key={channel} class={`levels-${channel}`} d={levelsPath(levels[channel], most, true)} />
        ))}
        <path class="levels-luma" d={levelsPath(levels.luma, most, false)} />
      </svg>
      <figcaption class="muted">{summary(black, white)}</figcaption>
    </figure>
  );
}

function summary(black: number, white: number): string {
  return `Levels 0 to 255. Clipped: ${percent(black)} of the samples at 0, ${percent(white)} at 255.`;
}
