/** `srgan-lab dataset …`: making, changing and checking data sets. */
import type { Command } from 'commander';
import { registerAdopt } from './dataset-adopt';
import { registerAnalyse } from './dataset-analyse';
import { registerCheck, registerRepair } from './dataset-check';
import { registerCreate, registerLeaveOut, registerUpdate } from './dataset-create';
import { registerSample } from './dataset-sample';

export function registerDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .summary('make, change and check data sets')
    .description('Make, change and check data sets: folders of aligned HR and LR images.');
  registerCreate(dataset);
  registerAdopt(dataset);
  registerUpdate(dataset);
  registerLeaveOut(dataset);
  registerSample(dataset);
  registerCheck(dataset);
  registerRepair(dataset);
  registerAnalyse(dataset);
}
