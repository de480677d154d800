/** Folders of files for tests: planted, read whole, compared. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes files, with the folders that they lie in. */
export async function plant(
  folder: string,
  files: Record<string, Buffer | string | Promise<Buffer>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), await content);
  }
}

/** Paths of every file below, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((file) => statSync(join(folder, file)).isFile());
}

/** Path → content of every file below. */
export function readTree(folder: string): Map<string, string> {
  return new Map(
    filesBelow(folder).map((file) => [file, readFileSync(join(folder, file)).toString('base64')]),
  );
}

/** Path → what changes when a file is written or replaced. */
export function readStamps(folder: string): Map<string, string> {
  return new Map(
    filesBelow(folder).map((file) => {
      const { ino, mtimeMs } = statSync(join(folder, file));
      return [file, `${ino} ${mtimeMs}`];
    }),
  );
}
