/** Gathers the licences of the packages that ended up in the bundles, as their authors ask. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inProject } from '../lib/project';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().default('see its repository'),
});

/** The package a bundled file belongs to, as a folder below node_modules; undefined for our own files. */
function packageOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** Writes `file` with name, version and licence text of each package that `inputs` come from. */
export async function writeNotices(file: string, inputs: Iterable<string>): Promise<void> {
  const folders = new Set<string>();
  for (const input of inputs) {
    const folder = packageOf(input);
    if (folder !== undefined) folders.add(folder);
  }
  const parts: string[] = [];
  for (const folder of [...folders].sort()) {
    const path = inProject(folder);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(path, 'package.json'), 'utf8')));
    const licences = (await readdir(path)).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name));
    const texts = await Promise.all(licences.map((name) => readFile(join(path, name), 'utf8')));
    parts.push(
      [`${manifest.name} ${manifest.version} (${manifest.license})`, ...texts.map((t) => t.trim())].join(
        '\n\n',
      ),
    );
  }
  const head = 'SRGAN Lab contains code of these packages.';
  await writeFile(file, `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
