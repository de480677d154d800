/** What was found out about this machine, kept in the lab's folder. It can be lost: finding it out again costs seconds. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { readJson } from '../../folders/read-json';
import { labHome } from '../engines/native/lab-environment';

/** A file of the lab's folder, with one entry for each of the circumstances in which something was found out. */
export class MachineMemory<T> {
  private readonly schema: z.ZodType<Record<string, T>>;

  constructor(
    private readonly name: string,
    entry: z.ZodType<T>,
  ) {
    this.schema = z.record(z.string(), entry);
  }

  /** Undefined where nothing is kept, or nothing that can be read. */
  async recall(key: string): Promise<T | undefined> {
    return (await this.entries())[key];
  }

  /** Keeps it if that is possible. */
  async keep(key: string, value: T): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeJsonAtomically(this.path, { ...(await this.entries()), [key]: value });
    } catch {
      // No reason not to go on.
    }
  }

  private async entries(): Promise<Record<string, T>> {
    try {
      return await readJson(this.path, this.schema);
    } catch {
      return {};
    }
  }

  private get path(): string {
    return join(labHome(), this.name);
  }
}
