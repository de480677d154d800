/**
 * The program that the commands hang on: its options, help and the fate of a wrong command line (exit code 2).
 * Commands register themselves in main.ts.
 */
import { Command, CommanderError, Option } from 'commander';
import { LabError } from '../folders/lab-error';
import { exitCodes, reportFailure } from './output';
import { progressModes } from './progress';

const examples = `
Examples:
  $ srgan-lab dataset create photos-x4 --from ~/Photos --scale 4
  $ srgan-lab train first-run --dataset photos-x4 --preset quick
  $ srgan-lab watch first-run
  $ srgan-lab upscale first-run holiday.jpg --out enlarged
  $ srgan-lab metrics photos-x4/hr enlarged --scale 4

Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted.
Help on a command: srgan-lab help COMMAND, for example srgan-lab dataset create --help`;

/** The program with its global options, which every command also takes after its name. */
export function createProgram(version: string): Command {
  return new Command('srgan-lab')
    .description('Make an image data set, train a super-resolution GAN on it, and enlarge pictures with it.')
    .version(version, '-v, --version', 'print the version')
    .option('--json', 'print the result as one JSON document on stdout')
    .addOption(
      new Option('--progress <mode>', 'progress on stderr: text, JSON lines or none')
        .choices(progressModes)
        .default('auto'),
    )
    .configureHelp({ showGlobalOptions: true })
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help on a command')
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', examples)
    .exitOverride();
}

/** Runs the program on the arguments after `node script`; ends by setting `process.exitCode`, never throws. */
export async function runProgram(program: Command, args: readonly string[]): Promise<void> {
  const json = args.includes('--json');
  if (json) silenceUsageErrors(program);
  process.stdout.on('error', exitWhenReaderIsGone);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      reportFailure(error, json);
      process.exitCode = exitCodes.failure;
    } else if (error.exitCode === 0) {
      process.exitCode = exitCodes.success;
    } else {
      if (json) reportFailure(new LabError(usageMessage(error)), true);
      process.exitCode = exitCodes.usage;
    }
  }
}

/** With `--json` a wrong command line is reported on stdout only; Commander would repeat it on stderr. */
function silenceUsageErrors(command: Command): void {
  command.configureOutput({ outputError: () => undefined });
  command.showHelpAfterError(false);
  for (const child of command.commands) silenceUsageErrors(child);
}

function usageMessage(error: CommanderError): string {
  return error.code === 'commander.help'
    ? 'No command was given. srgan-lab --help lists them.'
    : error.message.replace(/^error: /, '');
}

/** `srgan-lab … | head`: the reader has what it wanted, which is no failure. */
function exitWhenReaderIsGone(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.success);
  throw error;
}
