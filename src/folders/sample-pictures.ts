/** The pictures of a run: which exist, for which validation image and step. Written by the trainer, read by pages. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './lab-error';

/** Paths in a run folder; `name` is a data set's image name, safe as a file name. */
export const samplePaths = {
  bicubic: (run: string, name: string): string => join(run, 'samples', 'reference', `${name}-bicubic.png`),
  hr: (run: string, name: string): string => join(run, 'samples', 'reference', `${name}-hr.png`),
  step: (run: string, step: number): string => join(run, 'samples', `step-${String(step).padStart(6, '0')}`),
  sr: (run: string, step: number, name: string): string => join(samplePaths.step(run, step), `${name}.png`),
};

export interface SampledImage {
  readonly name: string;
  readonly bicubic: string;
  readonly hr: string;
  /** Ascending by step. */
  readonly sr: readonly { readonly step: number; readonly path: string }[];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** All sampled images of a run, by name; those without a full reference pair are not listed. */
export async function listSamples(run: string): Promise<SampledImage[]> {
  const references = new Set(await namesIn(join(run, 'samples', 'reference')));
  const names = [...references]
    .filter((file) => file.endsWith('-hr.png'))
    .map((file) => file.slice(0, -'-hr.png'.length))
    .filter((name) => references.has(`${name}-bicubic.png`))
    .sort();
  const sr = new Map<string, { step: number; path: string }[]>(names.map((name) => [name, []]));
  const folders = (await namesIn(join(run, 'samples'))).flatMap((folder) => {
    const match = /^step-(\d{6,})$/.exec(folder);
    return match?.[1] === undefined ? [] : [{ folder, step: Number(match[1]) }];
  });
  for (const { folder, step } of folders.sort((a, b) => a.step - b.step)) {
    for (const file of await namesIn(join(run, 'samples', folder))) {
      if (!file.endsWith('.png') || file.startsWith('.')) continue;
      sr.get(file.slice(0, -'.png'.length))?.push({ step, path: join(run, 'samples', folder, file) });
    }
  }
  return names.map((name) => ({
    name,
    bicubic: samplePaths.bicubic(run, name),
    hr: samplePaths.hr(run, name),
    sr: sr.get(name) ?? [],
  }));
}
