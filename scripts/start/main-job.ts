/**
 * The main job of `npm start`: a data set from photographs, then a training run, through the command line as a person
 * would type it, in the terminal for all to see.
 */
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

/**
 * Trains a new run to its end; the command tells its scores against bicubic and where its files lie. Throws when it fails
 * or is stopped.
 */
export async function train(cli: string, workspace: Workspace): Promise<void> {
  const how = ['--preset', 'quick', '--engine', 'embedded'];
  await srganLab(cli, ['train', workspace.run, '--dataset', workspace.dataset, ...how]);
}
