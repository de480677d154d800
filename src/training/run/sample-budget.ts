/**
 * The disk budget of a run's pictures: what all validations will take, told before the start, and which steps are given up
 * where that is more than the budget. Pure, but for the sizes of the HR files that the estimate goes by.
 */
import { stat } from 'node:fs/promises';
import { imagePath } from '../../datasets/layout';
import type { Dataset } from '../../protocol/dataset-file';
import type { SamplesEstimate } from '../../protocol/progress';
import { countOf, formatBytes } from '../../protocol/quantities';
import { DEFAULT_SAMPLE_BUDGET, type RunConfiguration } from '../../protocol/run-configuration';
import { chooseImages, planCrops } from './validation-crops';

/** Bytes that `samples/` may take. */
export function sampleBudget({ validation }: Pick<RunConfiguration, 'validation'>): number {
  return (validation.sampleBudget ?? DEFAULT_SAMPLE_BUDGET) * 2 ** 20;
}

/** The last steps of the stages, whose pictures are kept whatever the budget. */
export function stageEnds({ stages }: Pick<RunConfiguration, 'stages'>): number[] {
  let end = 0;
  return stages.map(({ steps }) => (end += steps));
}

/** Steps at which a run is validated on its crops: at the start, regularly, and at the end of each stage. */
export function countValidations(configuration: Pick<RunConfiguration, 'stages' | 'validation'>): number {
  const { every } = configuration.validation;
  const ends = stageEnds(configuration);
  const regular = Math.floor(ends.at(-1)! / every);
  return 1 + regular + ends.filter((end) => end % every !== 0).length;
}

/**
 * What pictures of all validations will take. SR compresses about as well as HR does, or better while it lacks detail, so the
 * sizes of the HR files tell. Throws a `LabError` if there is nothing to validate on; files that are missing count as noise.
 */
export async function estimateSamples(
  configuration: RunConfiguration,
  folder: string,
  dataset: Dataset,
): Promise<SamplesEstimate> {
  const { scale } = configuration;
  const crops = planCrops(configuration, chooseImages(dataset, scale).images);
  let perStep = 0;
  for (const { image, place } of crops) {
    const pixels = place.width * place.height * scale * scale;
    const raw = 3 * image.width * image.height;
    const size = await stat(imagePath(folder, 'hr', image.name)).then(
      (file) => Math.min(file.size, raw),
      () => raw,
    );
    perStep += (size * pixels) / (image.width * image.height);
  }
  const validations = countValidations(configuration);
  const bytes = perStep * (validations + 2);
  const budgetBytes = sampleBudget(configuration);
  const needed = `pictures of ${countOf(validations, 'validation')} take about ${formatBytes(bytes)}`;
  const message =
    bytes <= budgetBytes
      ? `Disk: ${needed}.`
      : `Disk: ${needed}. validation.sampleBudget keeps them to ${formatBytes(budgetBytes)}: about one in ${Math.ceil(bytes / budgetBytes)} stays, evenly spread.`;
  return { validations, bytes: Math.round(bytes), budgetBytes, message };
}

/** The pictures of a step. */
export interface KeptStep {
  readonly step: number;
  readonly bytes: number;
}

/**
 * Which steps to give up so that the rest fits into the budget, in the order of their going: always the one whose
 * neighbours are closest together, so that those that stay are evenly spread. The first, the newest and `fixed` stay.
 *
 * @param steps ascending
 * @param otherBytes what besides lies in the folder
 */
export function stepsToDrop(
  steps: readonly KeptStep[],
  fixed: ReadonlySet<number>,
  budget: number,
  otherBytes: number,
): number[] {
  const kept = [...steps];
  const dropped: number[] = [];
  let bytes = otherBytes + steps.reduce((sum, step) => sum + step.bytes, 0);
  while (bytes > budget) {
    let closest = -1;
    let smallest = Infinity;
    for (let at = 1; at < kept.length - 1; at++) {
      const gap = kept[at + 1]!.step - kept[at - 1]!.step;
      if (gap < smallest && !fixed.has(kept[at]!.step)) [closest, smallest] = [at, gap];
    }
    if (closest === -1) break;
    const [gone] = kept.splice(closest, 1);
    dropped.push(gone!.step);
    bytes -= gone!.bytes;
  }
  return dropped;
}
