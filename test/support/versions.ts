/** Versions of Node.js and TensorFlow beside those of this machine; `scripts/prepare-versions.ts` fetches them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const versionsFolder = join(__dirname, '..', '..', '.lab', 'versions');

/** Where a version such as `node-24` lies, once it is prepared. */
export function preparedFolder(name: string): string {
  return join(versionsFolder, name);
}

/** The program of a prepared Node.js, e.g. of `24`; undefined where it was not prepared. */
export function preparedNode(version: string): string | undefined {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const folder = join(preparedFolder(`node-${version}`), 'node_modules', `node-${platform}-${process.arch}`);
  const path = join(folder, 'bin', program);
  return existsSync(path) ? path : undefined;
}

/** The package folder of a prepared TensorFlow, e.g. of `2.15`; undefined where it was not prepared. */
export function preparedTensorFlow(version: string): string | undefined {
  const folder = join(preparedFolder(`tensorflow-${version}`), 'tensorflow');
  return existsSync(folder) ? folder : undefined;
}
