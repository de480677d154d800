/**
 * Writing `lease.json`: as one step where that can be; else, on a full disk or in a folder that became read-only, in its
 * place, which needs no new space and no new file. The file is held open, so that it is known where it has gone to.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { hasCode, LabError } from '../../folders/lab-error';
import type { Lease } from '../../protocol/lease';

export class LeaseWriter {
  private handle: FileHandle | undefined;

  constructor(private readonly path: string) {}

  /** Throws a `LabError` if nothing can be written there. */
  async write(lease: Lease): Promise<void> {
    try {
      await writeJsonAtomically(this.path, lease);
    } catch (error) {
      const refused =
        error instanceof LabError && hasCode(error.cause, 'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS');
      if (!refused || !(await this.overwrite(lease))) throw error;
      return;
    }
    await this.close();
    // Windows replaces no file that is open, and renames no folder with open files in it.
    if (process.platform !== 'win32') this.handle = await open(this.path, 'r+');
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
