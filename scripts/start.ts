/**
 * `npm start [-- FOLDER]`: VS Code with the lab installed, on a sample workspace or on FOLDER, in which a data set is made
 * from photographs and a small GAN trains on it. `-- --headless` does the same job without VS Code and ends by itself.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build';
import { describeExit, stopChildrenOnSignals } from './lib/child';
import { inProject, messageOf, say } from './lib/project';
import { MainJob } from './start/main-job';
import { requestPages } from './start/open-pages';
import { prepareWorkspace, type Workspace } from './start/sample-workspace';
import { stopRuns } from './start/stop-runs';
import { installLab, serveVscode } from './start/vscode';

const help = `npm start [-- FOLDER] [-- --headless]

Starts VS Code with SRGAN Lab on a sample workspace, or on FOLDER (made if it does not exist). There a data set is made
from the sample photographs, and a small super-resolution GAN trains on it while you watch. Ctrl-C ends everything.

  --headless   only the job, through the command line; ends by itself, with exit code 0 if all went well
  --help       print this`;

/** npm runs scripts in the project's folder; a person means the one that the command was typed in. */
const callerFolder = process.env['INIT_CWD'] ?? process.cwd();

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    // `npm start -- FOLDER -- --headless` hands the second separator on.
    args: args.filter((argument) => argument !== '--'),
    allowPositionals: true,
    options: { headless: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(help);
    return;
  }
  if (positionals.length > 1) throw new Error(`One folder at most, please.\n\n${help}`);
  const folder =
    positionals[0] === undefined ? inProject('.lab', 'sample') : resolve(callerFolder, positionals[0]);
  const interrupted = stopChildrenOnSignals(() => stopRuns(folder));
  try {
    const workspace = await prepareWorkspace(folder);
    await (values.headless === true ? runHeadless(workspace) : runInVscode(workspace, interrupted));
  } catch (error) {
    // What Ctrl-C ends need not be told as a failure.
    if (!interrupted.aborted) throw error;
  }
}

async function runHeadless(workspace: Workspace): Promise<void> {
  await build({ production: true }, false);
  say(`Working in ${workspace.folder}`);
  const job = new MainJob(inProject('dist', 'cli.js'), workspace);
  await job.makeDataset();
  await job.train();
}

async function runInVscode(workspace: Workspace, interrupted: AbortSignal): Promise<void> {
  const job = new MainJob(join(await installLab(), 'dist', 'cli.js'), workspace);
  await requestPages(workspace.folder, [workspace.dataset, workspace.run]);
  const server = await serveVscode(workspace.folder);
  try {
    await job.makeDataset();
    await job.train();
  } catch (error) {
    if (interrupted.aborted) return;
    console.error(`\n${messageOf(error)}`);
    process.exitCode = 1;
  }
  if (!interrupted.aborted) say('VS Code stays open at the address above until Ctrl-C.');
  throw new Error(`VS Code ended with ${describeExit(await server.stopped)}.`);
}
