/**
 * Writing `lease.json`: as one step where that can be; else, on a full disk or in a folder that became read-only, in its
 * place, which needs no new space and no new file. The file is held open, so that it is known where it has gone to.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { besides, syncFolder, writeJsonAtomically } from '../../folders/atomic-write';
import { explainFileError, hasCode, LabError } from '../../folders/lab-error';
import type { Lease } from '../../protocol/lease';

export class LeaseWriter {
  private handle: FileHandle | undefined;

  constructor(private readonly path: string) {}

  /**
   * Throws a `LabError` if nothing can be written there, and what `check` throws. A process that is suspended anywhere in here, for
   * so long that another takes the folder, does not write over what that one wrote: `check` looks after the half-written file is
   * there, and whoever takes a folder clears those away.
   */
  async write(lease: Lease, check: () => Promise<void>): Promise<void> {
    let fresh: FileHandle | undefined;
    try {
      fresh = await this.replace(lease, check);
    } catch (error) {
      const refused =
        error instanceof LabError && hasCode(error.cause, 'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS');
      if (!refused) throw error;
      await check();
      if (!(await this.overwrite(lease))) throw error;
      return;
    }
    await this.close();
    this.handle = fresh;
  }

  /** The new file, open: had it to be opened at its place, a folder that is renamed just then would be lost. */
  private async replace(lease: Lease, check: () => Promise<void>): Promise<FileHandle | undefined> {
    // Windows replaces no file that is open, and renames no folder with open files in it.
    if (process.platform === 'win32') {
      await check();
      await writeJsonAtomically(this.path, lease);
      return undefined;
    }
    const partial = besides(this.path);
    let file: FileHandle | undefined;
    try {
      file = await open(partial, 'wx+');
      await file.writeFile(`${JSON.stringify(lease, null, 2)}\n`);
      await file.sync();
      await check();
      await rename(partial, this.path);
      await syncFolder(dirname(this.path));
      return file;
    } catch (error) {
      await file?.close();
      await rm(partial, { force: true }).catch(() => undefined);
      throw explainFileError('write', this.path, error);
    }
  }

  /** Whether the file that was written last is still somewhere: in its folder, or with it wherever that was moved. */
  async isSomewhere(): Promise<boolean> {
    return this.handle !== undefined && (await this.handle.stat()).nlink > 0;
  }

  /** Writes over the file, wherever it is now. False where it is gone or cannot be written. */
  async overwrite(lease: Lease): Promise<boolean> {
    const file = this.handle ?? (await open(this.path, 'r+').catch(() => undefined));
    if (file === undefined) return false;
    try {
      const { size, nlink } = await file.stat();
      if (nlink === 0) return false;
      const text = `${JSON.stringify(lease)}\n`.padStart(size, ' ');
      await file.write(text, 0, 'utf8');
      await file.sync();
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'ESTALE')) return false;
      throw error;
    } finally {
      if (file !== this.handle) await file.close();
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }
}
