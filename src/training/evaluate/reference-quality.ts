/** The model of good pictures that NIQE of a run’s checkpoints compares with: that of its data set, as in its validations. */
import { readDataset } from '../../folders/dataset-folder';
import { LabError } from '../../folders/lab-error';
import { datasetFolderOf } from '../../folders/marker-files';
import type { FeatureGaussian } from '../../imaging/niqe/niqe';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { openPristineModel } from '../run/pristine-model';

export interface ReferenceQuality {
  readonly model: FeatureGaussian;
  /** Name of the data set. */
  readonly dataset: string;
}

interface Listener {
  readonly signal: AbortSignal;
  readonly tell: (message: string) => void;
}

/** Null where the data set is gone or has too few pictures: then NIQE is not measured. */
export async function openReferenceQuality(
  run: string,
  configuration: RunConfiguration,
  { signal, tell }: Listener,
): Promise<ReferenceQuality | null> {
  const folder = datasetFolderOf(run, configuration);
  try {
    const dataset = await readDataset(folder);
    const model = await openPristineModel(folder, dataset, { signal, tell, log: () => undefined });
    return typeof model === 'string' ? null : { model, dataset: dataset.name };
  } catch (error) {
    if (error instanceof LabError) return null;
    throw error;
  }
}
