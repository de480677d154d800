/** A workspace for one test in which there is something to train on, and whatever runs the test makes of it. */
import { join } from 'node:path';
import { createDataset } from '../../src/datasets/create';
import { createRun } from '../../src/training/run/create-run';
import { microSettings } from './micro-run';
import { makeSampleWorkspace, type SampleWorkspace } from './sample-workspace';

export interface TrainingWorkspace extends SampleWorkspace {
  /** Makes `runs/NAME`, not yet trained: of the smallest networks, over a bicubic enlargement. Returns its folder. */
  makeRun: (name: string, overrides: readonly string[]) => Promise<string>;
}

/** The sample photographs, and the data set `data` of them, at ×4. */
export async function makeTrainingWorkspace(): Promise<TrainingWorkspace> {
  const workspace = await makeSampleWorkspace();
  const dataset = join(workspace.folder, 'data');
  const from = [workspace.photographs];
  await createDataset({ folder: dataset, from, scale: 4, validation: { share: 0.4 } });
  return {
    ...workspace,
    makeRun: async (name, overrides) => {
      const folder = join(workspace.folder, 'runs', name);
      await createRun({
        folder,
        dataset,
        preset: 'quick',
        engine: 'embedded',
        seed: 7,
        overrides: [...microSettings, 'generator.globalSkip=bicubic', ...overrides],
      });
      return folder;
    },
  };
}
