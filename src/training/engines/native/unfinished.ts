/**
 * A folder that is being filled by other programs, which may be killed in the middle: a mark beside it stays then, and whoever
 * comes next knows that nobody can tell which files are whole.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { LabError } from '../../../folders/lab-error';
import { isSameProcess, processStart } from '../../../folders/process-identity';

const identitySchema = z.object({ pid: z.int().positive(), started: z.string() });
type Identity = z.infer<typeof identitySchema>;

const markSchema = z.object({ owner: identitySchema, helper: identitySchema.optional() });
type Mark = z.infer<typeof markSchema>;

function identify(pid: number): Identity {
  return { pid, started: processStart(pid) ?? '' };
}

const lives = ({ pid, started }: Identity): boolean => isSameProcess(pid, started);

/** What a killed program leaves: the folder is not to be trusted. */
export class Interrupted extends LabError {}

/** Whether an attempt to fill the folder is under way, or was interrupted. */
export function isUnfinished(folder: string): boolean {
  return existsSync(markFolder(folder));
}

const markFolder = (folder: string): string => `${folder}.unfinished`;

export interface Work {
  /** A folder for temporary files, removed afterwards. */
  readonly temporary: string;
  /** Tells which process does the work, the leader of its own group: it outlives a killed owner. */
  helper(pid: number): Promise<void>;
}

/**
 * Fills `folder` by `work`, under a mark. What an interrupted filling left is removed before. The mark goes when the work ends or
 * fails in an orderly way (a `LabError` but `Interrupted`), and stays otherwise. Throws a `LabError` while another process works.
 */
export async function whileUnfinished(
  folder: string,
  work: (surroundings: Work) => Promise<void>,
): Promise<void> {
  const place = markFolder(folder);
  const file = join(place, 'mark.json');
  const left = await readMark(file);
  if (left !== undefined && lives(left.owner)) {
    throw new LabError(`Process ${left.owner.pid} is filling ${folder} at this moment. Wait for its end.`);
  }
  if (left?.helper !== undefined) await endGroup(left.helper);
  if (existsSync(place)) await rm(folder, { recursive: true, force: true });
  await rm(place, { recursive: true, force: true });
  await mkdir(place);
  const owner = identify(process.pid);
  const write = (mark: Mark): Promise<void> => writeFile(file, JSON.stringify(mark));
  await write({ owner });
  try {
    await work({ temporary: place, helper: (pid) => write({ owner, helper: identify(pid) }) });
  } catch (error) {
    if (error instanceof LabError && !(error instanceof Interrupted)) {
      await rm(place, { recursive: true, force: true });
    } else {
      await rm(file, { force: true });
    }
    throw error;
  }
  await rm(place, { recursive: true, force: true });
}

async function readMark(file: string): Promise<Mark | undefined> {
  try {
    return markSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None, or one that was not written to its end: then nobody works under it.
    return undefined;
  }
}

/** Ends a process and those that it started, and waits until it is gone. */
async function endGroup(helper: Identity): Promise<void> {
  while (lives(helper)) {
    try {
      process.kill(process.platform === 'win32' ? helper.pid : -helper.pid, 'SIGKILL');
    } catch {
      // It ended on its own.
    }
    await delay(20);
  }
}
