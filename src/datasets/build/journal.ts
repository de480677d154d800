/**
 * Writing `building.jsonl`: a line for what was made, when it was made. Nothing in it has to be believed: whoever goes on
 * compares hashes.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { JOURNAL_FILE, type JournalLine } from '../../folders/building-journal';
import { explainFileError, hasCode } from '../../folders/lab-error';

export interface Journal {
  /** Resolves when the line is written. Throws a `LabError`, above all if the disk is full. */
  add(line: JournalLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens the journal for adding to it, after what is there or anew. */
export async function openJournal(folder: string, anew: boolean): Promise<Journal> {
  const path = join(folder, JOURNAL_FILE);
  let file: FileHandle;
  try {
    const torn = !anew && (await endsTorn(path));
    file = await open(path, anew ? 'w' : 'a');
    if (torn) await file.appendFile('\n');
  } catch (error) {
    throw explainFileError('write', path, error);
  }
  let written: Promise<void> = Promise.resolve();
  return {
    add: (line) => {
      const adding = written.then(() => file.appendFile(`${JSON.stringify(line)}\n`));
      // The next line is tried all the same; who added this one hears of its failure.
      written = adding.catch(() => undefined);
      return adding.catch((error: unknown) => {
        throw explainFileError('write', path, error);
      });
    },
    close: async () => {
      await written;
      await file.close();
    },
  };
}

async function endsTorn(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return bytesRead > 0 && buffer[0] !== 0x0a;
  } finally {
    await file.close();
  }
}

export async function removeJournal(folder: string): Promise<void> {
  await rm(join(folder, JOURNAL_FILE), { force: true });
}
