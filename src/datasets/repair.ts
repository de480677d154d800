/**
 * Mends a data set: files that are damaged or missing are made again from their sources, those that belong to no image are
 * removed. What is in order is not touched, and what has changed in the sources is not taken over.
 */
import { rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { syncFolder } from '../folders/atomic-write';
import { contentsOf, readDatasetFile, withoutContents, writeDatasetFile } from '../folders/dataset-folder';
import type { AdoptedPair } from '../protocol/adopted-pair';
import { DATASET_FILE, IMAGES_FILE, type DatasetFile, type DatasetImage } from '../protocol/dataset-file';
import type { RepairDatasetResult } from '../protocol/progress';
import { build } from './build/build';
import { filesOf } from './build/known-images';
import { findProblems, readDamaged, type CheckOptions, type DamagedImage, type Findings } from './check';
import { withLease } from './create';
import { partsOf } from './make-images';
import type { LrSource } from './pairs/adopt-pair';
import { isSamePlace, wholeImageName } from './sub-images';
import { createEstimate } from './work';
import { runDatasetJobs } from './worker-jobs';

/**
 * Mends what can be mended, and says of the rest why not. Throws a `LabError` if `folder` is no data set or not complete,
 * or if nothing can be written, and the signal's reason if it aborts; what was mended until then stays so.
 */
export async function repairDataset(
  folder: string,
  options: CheckOptions = {},
): Promise<RepairDatasetResult> {
  const path = resolve(folder);
  contentsOf(path, await readDatasetFile(path));
  return withLease(path, async () => new Repair(path, options).run());
}

class Repair {
  private readonly repaired: RepairDatasetResult['repaired'] = [];
  private readonly problems: RepairDatasetResult['problems'] = [];

  constructor(
    private readonly folder: string,
    private readonly options: CheckOptions,
  ) {}

  async run(): Promise<RepairDatasetResult> {
    const { folder } = this;
    const findings = await findProblems(folder, this.options);
    const { header } = findings;
    if (header === undefined) await this.makeList();
    else {
      if (findings.list.length > 0) await this.rewriteSummary(header);
      await this.mendImages(header, await readDamaged(folder, findings));
      await this.removeSuperfluous(findings);
    }
    const { repaired, problems } = this;
    return { folder, ok: problems.length === 0, repaired, problems };
  }

  /** Without the list nobody knows which files are right: all images are made again from the sources as they are now. */
  private async makeList(): Promise<void> {
    const before = await readDatasetFile(this.folder);
    const { dataset } = await build(this.folder, before, withoutContents(before), this.options);
    const isSame = dataset.contents.sha256 === before.contents?.sha256;
    this.repaired.push({
      file: join(this.folder, IMAGES_FILE),
      repair: isSame
        ? 'made again with all images; it is what it was'
        : 'made again with all images, from the sources as they are now: they have changed since',
    });
  }

  private async rewriteSummary(header: DatasetFile): Promise<void> {
    await writeDatasetFile(this.folder, header);
    this.repaired.push({ file: join(this.folder, DATASET_FILE), repair: 'summary written anew' });
  }

  private async mendImages(dataset: DatasetFile, damaged: readonly DamagedImage[]): Promise<void> {
    const { folder } = this;
    const { workers = availableParallelism(), signal, onProgress } = this.options;
    const sources = new Map<string, DamagedImage[]>();
    for (const each of damaged) {
      const path = sourceOf(dataset, each.image);
      sources.set(path, [...(sources.get(path) ?? []), each]);
    }
    const needed = [...sources].map(([path, images]) => {
      const { sha256, pair } = images[0]!.image;
      const source = { path, sha256 };
      return pair === undefined
        ? [source]
        : [source, { path: lrSourceOf(dataset, pair).path, sha256: pair.lrSourceSha256 }];
    });
    const hashes = await runDatasetJobs(
      'hash',
      needed.map((files) => ({ files: files.map(({ path }) => path) })),
      { count: workers, signal },
    );
    const mendable: { path: string; damaged: DamagedImage[] }[] = [];
    for (const [index, [path, images]] of [...sources].entries()) {
      const other = needed[index]!.findIndex(({ sha256 }, position) => hashes[index]![position] !== sha256);
      if (other < 0) {
        mendable.push({ path, damaged: images });
        continue;
      }
      const problem = whyNot(needed[index]![other]!.path, hashes[index]![other] ?? null);
      for (const { file } of images.flatMap((each) => each.problems)) this.problems.push({ file, problem });
    }
    for (const { file } of mendable.flatMap((each) => each.damaged.flatMap(({ problems }) => problems)))
      await removeFolderAt(file);
    const { scale, degradation, subImages, adopted } = dataset;
    const recipe = { scale, degradation, ...(subImages && { subImages }), ...(adopted && { adopted }) };
    const estimate = createEstimate(mendable.length, 'images', 'Mending the data set');
    const made = await runDatasetJobs(
      'make',
      mendable.map(({ path, damaged }) => {
        const { image } = damaged[0]!;
        const name = image.crop === undefined ? image.name : wholeImageName(image.name);
        const size = { width: image.sourceWidth, height: image.sourceHeight };
        const without = partsOf(name, size, recipe, []).flatMap(({ crop }) =>
          crop === undefined || damaged.some((each) => isSamePlace(each.image.crop, crop)) ? [] : [crop],
        );
        const lr = image.pair && lrSourceOf(dataset, image.pair);
        return { source: path, folder, name, recipe, without, lr };
      }),
      { count: workers, signal, onDone: (done) => onProgress?.(estimate(done)) },
    );
    for (const [index, { path, damaged }] of mendable.entries()) {
      const outcome = made[index]!;
      const images = outcome.kind === 'made' ? outcome.images : [];
      for (const { image, problems } of damaged) {
        const now = images.find(({ name }) => name === image.name);
        const isSame = now?.hrSha256 === image.hrSha256 && now.lrSha256 === image.lrSha256;
        for (const { file } of problems) {
          if (isSame) this.repaired.push({ file, repair: `made again from ${path}` });
          else this.problems.push({ file, problem: otherBytes(outcome) });
        }
      }
    }
    const folders = new Set(
      damaged.flatMap(({ image }) => filesOf(folder, [image]).map((file) => dirname(file.path))),
    );
    for (const each of folders) await syncFolder(each);
  }

  private async removeSuperfluous({ superfluous }: Findings): Promise<void> {
    for (const { file } of superfluous) {
      if (/\.(png|partial)$/.test(file)) {
        await rm(file, { force: true, recursive: true });
        this.repaired.push({ file, repair: 'removed: it belongs to no image' });
      } else {
        const problem =
          'This file is none of the data set’s, nor a picture. Move it elsewhere, or delete it.';
        this.problems.push({ file, problem });
      }
    }
  }
}

function sourceOf({ roots }: DatasetFile, { root, source }: DatasetImage): string {
  return join(roots[root] ?? '', source);
}

/** The LR image that was taken over. */
function lrSourceOf({ adopted }: DatasetFile, { lrRoot, lrSource }: AdoptedPair): LrSource {
  return { root: lrRoot, source: lrSource, path: join(adopted?.lrRoots[lrRoot] ?? '', lrSource) };
}

function whyNot(path: string, sha256: string | null): string {
  return sha256 === null
    ? `Its source ${path} is gone or cannot be read. Put it back and repair again, or update the data set, which then does without it.`
    : `Its source ${path} has changed since the data set was made. Update the data set to take the changed picture over.`;
}

function otherBytes(outcome: { kind: string; reason?: string }): string {
  return (
    `${outcome.reason ?? 'It was made again, but with other bytes than before: by another version of the lab.'} ` +
    'Update the data set to take that over.'
  );
}

/** A folder where a file should be is in the way. */
async function removeFolderAt(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) await rm(path, { recursive: true });
}
