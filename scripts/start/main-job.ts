/**
 * The main job of `npm start`: a data set from photographs, then a training run, through the command line as a person
 * would type it, in the terminal for all to see.
 */
import { join, relative } from 'node:path';
import { readJsonLines } from '../../src/folders/json-lines';
import { METRICS_FILE, metricsLineSchema, type ValidationLine } from '../../src/protocol/metrics';
import { Child, describeExit } from '../lib/child';
import { say } from '../lib/project';
import { hasDataset, type Workspace } from './sample-workspace';

/** Starts `node CLI ARGS` with its output in this terminal; throws unless it succeeds. */
async function srganLab(cli: string, args: string[]): Promise<void> {
  console.log(`\n$ srgan-lab ${args.join(' ')}`);
  const child = new Child(process.execPath, [cli, ...args], { output: 'inherit' });
  const exit = await child.stopped;
  if (exit.code !== 0) throw new Error(`srgan-lab ${args[0] ?? ''} ended with ${describeExit(exit)}.`);
}

/** Makes the data set, unless it is there. */
export async function makeDataset(cli: string, workspace: Workspace): Promise<void> {
  if (hasDataset(workspace)) {
    say(`The data set ${workspace.dataset} is there already.`);
    return;
  }
  const source = ['--from', workspace.photographs, '--scale', '4', '--validation', '0.2'];
  await srganLab(cli, ['dataset', 'create', workspace.dataset, ...source]);
}

/** Trains a new run to its end. Throws when it fails or is stopped. */
export async function train(cli: string, workspace: Workspace): Promise<void> {
  const how = ['--preset', 'quick', '--engine', 'embedded'];
  await srganLab(cli, ['train', workspace.run, '--dataset', workspace.dataset, ...how]);
}

/** Prints where the results lie, and PSNR and SSIM at the end of each stage against bicubic, on whole validation images. */
export async function reportResults(workspace: Workspace): Promise<void> {
  const { lines } = await readJsonLines(join(workspace.run, METRICS_FILE), metricsLineSchema);
  const scored = lines.filter(
    (line): line is ValidationLine => line.kind === 'validation' && line.extent === 'whole',
  );
  console.log('\nOn whole validation images, which the run did not train on (PSNR and SSIM on Y):');
  const last = scored.at(-1);
  if (last !== undefined) console.log(row('bicubic', last.bicubic, null));
  for (const line of scored) {
    console.log(row(`${line.stage} stage, step ${line.step}`, line.model, line.bicubic.psnr));
  }
  const place = relative(process.cwd(), workspace.run);
  console.log(`\nThe run, with its samples, checkpoints and model, is in ${place}`);
}

function row(name: string, { psnr, ssim }: { psnr: number; ssim: number }, bicubic: number | null): string {
  const gain =
    bicubic === null ? '' : `  ${psnr >= bicubic ? '+' : '−'}${Math.abs(psnr - bicubic).toFixed(2)} dB`;
  return `  ${name.padEnd(30)} ${psnr.toFixed(2)} dB  ${ssim.toFixed(4)}${gain}`;
}
