/**
 * Files that bundles load at run time and that cannot be bundled: WebAssembly binaries, and packages with native code
 * and what they need on this system. Node finds the latter in dist/node_modules, beside the bundles, in the package too.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { inProject } from '../lib/project';
import { nativePackages } from './bundles';

const dependencies = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({ dependencies, optionalDependencies: dependencies });

/** Parts of packages that nothing needs at run time: C++ and its headers, documentation, typings, build files, other builds. */
const needless =
  /^(doc|docs|vendor|install)([\\/]|$)|^dist[\\/](iife|node)([\\/]|$)|\.(d\.[cm]?ts|map|gyp|cc|cpp|c|hh|hpp|h|inc|def|asm|S)$/;

/** Adds `name` and all that it depends on, as far as it is installed. */
async function closure(name: string, found: Set<string>): Promise<void> {
  if (found.has(name)) return;
  const folder = inProject('node_modules', name);
  found.add(name);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  for (const needed of Object.keys(manifest.dependencies)) await closure(needed, found);
  for (const needed of Object.keys(manifest.optionalDependencies)) {
    if (existsSync(inProject('node_modules', needed))) await closure(needed, found);
  }
}

async function versionOf(name: string): Promise<string> {
  const text = await readFile(inProject('node_modules', name, 'package.json'), 'utf8');
  return `${name}@${z.object({ version: z.string() }).parse(JSON.parse(text)).version}`;
}

/**
 * Copies the packages that stay outside the bundles to `FOLDER/node_modules`, unless they are there: a process may have
 * them loaded.
 */
export async function copyNativePackages(folder: string): Promise<void> {
  const packages = new Set<string>();
  for (const name of nativePackages) await closure(name, packages);
  if (![...packages].some((name) => /^@img\/sharp-(?!libvips)/.test(name))) {
    throw new Error(
      `The image library sharp has no build for ${process.platform}-${process.arch} installed. Run "npm ci" on this machine, without --omit=optional.`,
    );
  }
  const target = join(folder, 'node_modules');
  const stamp = join(target, '.copied.json');
  const versions = JSON.stringify(await Promise.all([...packages].sort().map(versionOf)));
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === versions) return;
  await rm(target, { recursive: true, force: true });
  for (const name of packages) {
    const source = inProject('node_modules', name);
    await cp(source, join(target, ...name.split('/')), {
      recursive: true,
      filter: (file) => {
        const inside = relative(source, file);
        return !needless.test(inside) && !inside.startsWith('node_modules');
      },
    });
  }
  await writeFile(stamp, versions);
}
