/**
 * The main job of `npm start`: a data set from photographs, then a training run, through the command line as a person
 * would type it, in the terminal for all to see.
 */
import { relative } from 'node:path';
import { Child, describeExit } from '../lib/child';
import { say } from '../lib/project';
import { hasDataset, type Workspace } from './sample-workspace';

export class MainJob {
  /** `cli` is the bundle of the command line. */
  constructor(
    private readonly cli: string,
    private readonly workspace: Workspace,
  ) {}

  /** Makes the data set, or the rest of one that was interrupted, unless it is there. */
  async makeDataset(): Promise<void> {
    const { dataset, photographs } = this.workspace;
    if (await hasDataset(this.workspace)) {
      say(`The data set is there already: ${dataset}`);
      return;
    }
    const source = ['--from', this.path(photographs), '--scale', '4', '--validation', '0.2'];
    await this.srganLab(['dataset', 'create', this.path(dataset), ...source]);
  }

  /**
   * Trains a new run to its end; the command tells its scores against bicubic and where its files lie. Throws when it
   * fails or is stopped.
   */
  async train(): Promise<void> {
    const { dataset, run } = this.workspace;
    const how = ['--preset', 'quick', '--engine', 'embedded'];
    await this.srganLab(['train', this.path(run), '--dataset', this.path(dataset), ...how]);
  }

  private path(absolute: string): string {
    return relative(this.workspace.folder, absolute);
  }

  private async srganLab(args: string[]): Promise<void> {
    console.log(`\n$ srgan-lab ${args.join(' ')}`);
    const command = [this.cli, ...args];
    const child = new Child(process.execPath, command, { cwd: this.workspace.folder, output: 'inherit' });
    const exit = await child.stopped;
    if (exit.code !== 0) throw new Error(`srgan-lab ${args[0] ?? ''} ended with ${describeExit(exit)}.`);
  }
}
