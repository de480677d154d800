/**
 * `npm run package [-- FILE]`: builds for production and makes the `.vsix` for this system (the image library in it is
 * native), as users install it. Its contents are listed, and checked for what must and must not be there.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import packageJson from '../package.json';
import { build } from './build';
import { nativePackages, nodeEntries, pageEntries } from './build/bundles';
import { runToEnd } from './lib/child';
import { inProject, projectRoot, say } from './lib/project';

const required = [
  'package.json',
  'LICENSE',
  ...Object.keys(nodeEntries).map((name) => `dist/${name}.js`),
  ...Object.keys(pageEntries).flatMap((name) => [`dist/webviews/${name}.js`, `dist/webviews/${name}.css`]),
  'dist/schemas/run.schema.json',
  'dist/schemas/dataset.schema.json',
  'dist/THIRD-PARTY-NOTICES.txt',
  ...nativePackages.map((name) => `dist/node_modules/${name}/package.json`),
];
const forbidden = /^(src|test|scripts|node_modules|\.|out\/)|\.map$/;

/** The platform as the Marketplace names it, e.g. `linux-x64` or `alpine-x64`. */
function platformTarget(): string {
  const musl =
    process.platform === 'linux' &&
    !('glibcVersionRuntime' in (process.report.getReport() as { header: object }).header);
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}

async function vsce(args: string[]): Promise<string> {
  const program = inProject('node_modules', '@vscode', 'vsce', 'vsce');
  return runToEnd(process.execPath, [program, ...args], { cwd: projectRoot, output: 'silent' }, 'vsce');
}

/** Checks the list of files that will be packed. Throws with what is wrong. */
async function checkContents(): Promise<string[]> {
  const files = (await vsce(['ls', '--no-dependencies'])).trim().split(/\r?\n/);
  const missing = required.filter((file) => !files.includes(file));
  const stray = files.filter((file) => forbidden.test(file));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  if (stray.length > 0) throw new Error(`The package must not hold ${stray.join(', ')}.`);
  return files;
}

/** Builds and packs; returns the path of the `.vsix` and the files in it. */
export async function makePackage(file?: string): Promise<{ file: string; contents: string[] }> {
  await build({ production: true }, false);
  const contents = await checkContents();
  const target = platformTarget();
  const out = resolve(file ?? inProject(`${packageJson.name}-${target}-${packageJson.version}.vsix`));
  await mkdir(dirname(out), { recursive: true });
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await vsce(['package', ...flags, '--target', target, '--out', out]);
  return { file: out, contents };
}

export async function main(args: string[]): Promise<void> {
  const { file, contents } = await makePackage(args[0]);
  for (const path of contents) console.log(`  ${path}`);
  say(`${contents.length} files, ${((await stat(file)).size / 2 ** 20).toFixed(1)} MB: ${file}`);
}
