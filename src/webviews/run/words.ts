/** A run in words: its state, its quality, what is special about its networks. */
import type { ValidationLine } from '../../protocol/metrics';
import type { RunStatus } from '../../protocol/pages';
import type { ContentConfiguration, RunConfiguration } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import { ordinal } from '../../protocol/quantities';
import { count, gain } from '../kit/format';

const phases: Partial<Record<string, string>> = {
  starting: 'Starting',
  waiting: 'Waiting',
  training: 'Training',
  validating: 'Validating',
  saving: 'Saving',
  stopping: 'Stopping',
};

const states: Record<Exclude<RunStatus['state'], 'running'>, string> = {
  new: 'Not started',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  crashed: 'Crashed',
  elsewhere: 'On another computer',
};

export function stateWord(
  status: Pick<RunStatus, 'state' | 'phase' | 'cause' | 'queue' | 'suspended'>,
): string {
  if (status.cause === 'memory') return 'Crashed: out of memory';
  if (status.cause === 'gpu') return 'Crashed: the GPU failed';
  if (status.suspended) return 'Suspended';
  if (status.queue) return `Waiting, ${ordinal(status.queue.position)} in line`;
  return status.state === 'running' ? (phases[status.phase] ?? 'Running') : states[status.state];
}

/** `embedded engine on 2 threads of …`; nothing before a run has had an engine. */
export function engineWords(status: Pick<RunStatus, 'engine' | 'device'>): string {
  if (status.engine === '') return '';
  return status.device === '' ? `${status.engine} engine` : `${status.engine} engine on ${status.device}`;
}

/** Why the run has its engine, as a sentence with the engine in it; null before a run has had one. */
export function engineNote(
  status: Pick<RunStatus, 'engine' | 'device' | 'engineReason'>,
  choice: RunConfiguration['engine'],
): string | null {
  const engine = engineWords(status);
  if (engine === '') return null;
  const chosen = choice === 'auto' ? 'left to the lab' : 'named in the settings';
  return `Engine (${chosen}): ${engine}. ${status.engineReason ?? ''}`.trim();
}

/** `+0.42 dB over bicubic` or `0.10 dB below bicubic`, in PSNR. */
export function againstBicubic(line: Pick<ValidationLine, 'model' | 'bicubic'>): string {
  const difference = line.model.psnr - line.bicubic.psnr;
  const text = gain(difference);
  return difference < 0 && !text.startsWith('±') ? `${text.slice(1)} below bicubic` : `${text} over bicubic`;
}

export function extentWords(line: Pick<ValidationLine, 'extent' | 'images'>, crop: number): string {
  const images = `${count(line.images.length)} validation ${line.images.length === 1 ? 'image' : 'images'}`;
  return line.extent === 'crop' ? `centre crops of ${count(crop)} px, ${images}` : `${images}, whole`;
}

export const stageTitles: Record<StageName, string> = {
  pixel: 'pixel stage',
  adversarial: 'adversarial stage',
};

/** The stage that a step of the run is in. */
export function stageAt(stages: RunConfiguration['stages'], step: number): StageName {
  let end = 0;
  for (const stage of stages) {
    end += stage.steps;
    if (step <= end) return stage.name;
  }
  return stages.at(-1)!.name;
}

/** First step of the adversarial stage, if the run has one. */
export function adversarialStart(stages: RunConfiguration['stages']): number | null {
  let start = 1;
  for (const stage of stages) {
    if (stage.name === 'adversarial') return start;
    start += stage.steps;
  }
  return null;
}

/** What the content loss compares; wherever it is shown, a random network has to be said. */
export function contentNote(content: ContentConfiguration): string {
  const layer = content.layer === 'conv2_2' ? 'φ2,2' : 'φ5,4';
  if (content.network === 'vgg19') return `Content loss: features ${layer} of VGG19 trained on ImageNet.`;
  const width = content.width === 1 ? '' : ` with ${Math.round(content.width * 100)} % of VGG19’s channels`;
  return `Content loss: features ${layer} of a VGG with random weights${width}, as no VGG19 has been imported.`;
}

/** Said because it is not the paper’s generator; null where it is. */
export function skipNote(generator: RunConfiguration['generator']): string | null {
  return generator.globalSkip === 'bicubic'
    ? 'The generator adds what it has learnt to the bicubic enlargement (globalSkip), so an untrained one is about as good as bicubic. The paper’s generator has no such skip.'
    : null;
}
