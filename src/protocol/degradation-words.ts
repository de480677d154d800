/** A degradation in words, for pages and terminals. */
import type { Degradation, Stage } from './degradation';

const stageNames: Record<Exclude<Stage['type'], 'choose'>, string> = {
  blur: 'blur',
  sinc: 'sinc filter',
  resize: 'resizing',
  'gaussian-noise': 'Gaussian noise',
  'poisson-noise': 'Poisson noise',
  jpeg: 'JPEG',
};

/** `blur or sinc filter, JPEG, then MATLAB’s bicubic, antialiased`. */
export function degradationInWords({ kernel, antialias, stages = [] }: Degradation): string {
  const last = `MATLAB’s ${kernel}, ${antialias ? 'antialiased' : 'without antialiasing'}`;
  if (stages.length === 0) return last;
  return `${stages.map(stageInWords).join(', ')}, then ${last}`;
}

function stageInWords(stage: Stage): string {
  if (stage.type !== 'choose') return stageNames[stage.type];
  const options = stage.options.map(({ stages }) =>
    stages.length === 0 ? 'nothing' : stages.map(({ type }) => stageNames[type]).join(' and '),
  );
  return [...new Set(options)].join(' or ');
}
