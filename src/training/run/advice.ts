/** What to do about a training that went wrong, in words that name the setting. */
import { LabError } from '../../folders/lab-error';
import { formatCount } from '../../protocol/quantities';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Position } from './schedule';

/**
 * The error of a run whose losses or weights are NaN, infinite or beyond all reason.
 * @param what which are, e.g. `generator.total`
 * @param lastGood step of the newest checkpoint, null where there is none
 */
export function explainDivergence(
  configuration: RunConfiguration,
  position: Position,
  what: readonly string[],
  lastGood: number | null,
): LabError {
  const index = configuration.stages.findIndex((stage) => stage.name === position.stage);
  const { initial } = configuration.stages[index]!.learningRate;
  const lower = Number((initial / 3).toPrecision(1));
  const adversarial =
    position.stage === 'adversarial'
      ? ` or \`lossWeights.adversarial\` (now ${configuration.lossWeights.adversarial})`
      : '';
  const next =
    lastGood === null
      ? 'Resume starts it anew, because there is no checkpoint yet.'
      : `Resume goes on from the checkpoint at step ${formatCount(lastGood)}.`;
  return new LabError(
    `Training diverged: ${what.join(', ')} became NaN, infinite or huge at step ${formatCount(position.step)} (${position.stage} stage). ` +
      `In run.srgan.json lower \`stages.${index}.learningRate.initial\` (now ${initial}), for example to ${lower},` +
      `${adversarial === '' ? '' : `${adversarial},`} then resume. ${next}`,
  );
}
