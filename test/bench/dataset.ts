/**
 * Making data sets end to end: photographs decoded, shrunk and written as PNG, both HR and LR, against Python that does the
 * same with Pillow and with NumPy (the environment variable `SRGAN_LAB_BENCH_PYTHON` names a Python that has both), in
 * turns; one worker against several, on equal work; memory; and how fast the training cache gives crops.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { kindOfFile } from '../../src/datasets/image-files';
import { openTrainingCache } from '../../src/datasets/training-cache';
import { bundlePath } from '../../src/folders/installation';
import { createCropSampler } from '../../src/training/feed/crop-sampler';
import { orientInto } from '../../src/training/feed/orient';
import { jpeg } from '../support/image-files';
import { measureProcess, type Usage } from './measured-process';
import { formatMegabytes, formatSeconds, markdownTable, processorSeconds } from './statistics';

const SCALE = 4;
const photographs = join(__dirname, '..', '..', '..', 'shared', 'data', 'photos');

export interface DatasetBench {
  /** Folder of images; default: `shared/data/photos` beside the checkout, or made-up ones. */
  readonly folder: string | undefined;
  /** How many of them. */
  readonly images: number;
  readonly rounds: number;
  readonly workers: number;
}

export async function benchDataset({ folder, images, rounds, workers }: DatasetBench): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'srgan-lab-bench-'));
  try {
    const all = await findImages(folder, scratch, images);
    const files = evenly(all, images);
    const sources = await gather(join(scratch, 'sources'), files);
    const bench = { scratch, rounds, workers };
    console.log(
      `${files.length} images, ×${SCALE}, ${workers} workers; the least of ${rounds} rounds in turns.\n`,
    );
    await compareWays(bench, sources, files);
    await compareWorkers(bench, await middleBySize(files));
    await compareMemory(bench, files);
    await measureCrops(bench, sources);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Bench {
  readonly scratch: string;
  readonly rounds: number;
  readonly workers: number;
}

/** One way of doing the work: makes it into a folder that does not exist. */
type Way = (out: string) => Promise<Usage>;

/** The least of each figure of each way, over rounds in which every way has a turn. */
async function takeTurns(
  { scratch, rounds }: Bench,
  ways: Readonly<Record<string, Way>>,
): Promise<Record<string, Usage>> {
  const least: Record<string, Usage> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const out = join(scratch, 'out');
      const usage = await way(out);
      await rm(out, { recursive: true });
      const before = least[name] ?? usage;
      least[name] = {
        seconds: Math.min(before.seconds, usage.seconds),
        processorSeconds: Math.min(before.processorSeconds, usage.processorSeconds),
        peakBytes: Math.min(before.peakBytes, usage.peakBytes),
      };
    }
  }
  return least;
}

function ours(sources: string, workers: number, ...more: readonly string[]): Way {
  const cli = [bundlePath('cli.js'), 'dataset', 'create'];
  return (out) =>
    measureProcess(process.execPath, [
      ...cli,
      out,
      ...['--from', sources, '--scale', String(SCALE), '--workers', String(workers), '--progress', 'none'],
      ...more,
    ]);
}

function python(
  interpreter: string,
  way: 'pillow' | 'numpy',
  level: number,
  workers: number,
  files: readonly string[],
): Way {
  const script = join(__dirname, 'dataset.py');
  const parameters = [script, way, String(level), String(workers), String(SCALE)];
  // A thread for each process, as ours.
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  return (out) => measureProcess(interpreter, [...parameters, out, ...files], one);
}

async function compareWays(bench: Bench, sources: string, files: readonly string[]): Promise<void> {
  const ways: Record<string, Way> = { 'dataset create (PNG level 4)': ours(sources, bench.workers) };
  const interpreter = process.env['SRGAN_LAB_BENCH_PYTHON'];
  if (interpreter !== undefined) {
    for (const level of [4, 6])
      ways[`Pillow (PNG level ${level}${level === 6 ? ', its default' : ''})`] = python(
        interpreter,
        'pillow',
        level,
        bench.workers,
        files,
      );
    ways['NumPy imresize (PNG level 4)'] = python(interpreter, 'numpy', 4, bench.workers, files);
  }
  const least = await takeTurns(bench, ways);
  const [own] = Object.values(least);
  const rows = Object.entries(least).map(([name, usage]) => [
    name,
    formatSeconds(usage.processorSeconds),
    formatSeconds(usage.seconds),
    formatMegabytes(usage.peakBytes),
    (usage.processorSeconds / own!.processorSeconds).toFixed(2),
  ]);
  console.log(
    `${markdownTable(['end to end', 'processor time', 'from start to end', 'peak memory', 'processor time / ours'], rows)}\n`,
  );
}

/**
 * Copies of one file, so that no worker is left alone with the last ones. What the machine gives at best is measured, too:
 * as many commands of one worker as there are workers, each with its share of the files, at once.
 */
async function compareWorkers(bench: Bench, file: string): Promise<void> {
  const { scratch, workers } = bench;
  const share = 12;
  const [all, part] = [
    await gather(join(scratch, 'equal'), Array<string>(share * workers).fill(file)),
    await gather(join(scratch, 'share'), Array<string>(share).fill(file)),
  ];
  const rows: string[][] = [];
  for (const degradation of ['bicubic', 'real-esrgan']) {
    const choice = ['--degradation', degradation];
    const { one, several, apart } = await takeTurns(bench, {
      one: ours(all, 1, ...choice),
      several: ours(all, workers, ...choice),
      apart: atOnce(workers, ours(part, 1, ...choice)),
    });
    rows.push([
      degradation,
      ...[one!, several!].flatMap(({ seconds, processorSeconds }) => [
        formatSeconds(seconds),
        (processorSeconds / seconds).toFixed(2),
      ]),
      ...[several!, apart!].map(({ seconds }) => (one!.seconds / seconds).toFixed(2)),
      (several!.processorSeconds / one!.processorSeconds).toFixed(2),
    ]);
  }
  const header = [
    ...['degradation', '1 worker', 'cores busy', `${workers} workers`, 'cores busy', 'times as fast'],
    ...[`${workers} commands apart`, 'processor time / of one'],
  ];
  console.log(`${share * workers} copies of ${basename(file)}\n\n${markdownTable(header, rows)}\n`);
}

/** The same work several times at once, into folders of their own. */
function atOnce(count: number, way: Way): Way {
  return async (out) => {
    const usages = await Promise.all(Array.from({ length: count }, (_, index) => way(join(out, `${index}`))));
    const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);
    return {
      seconds: Math.max(...usages.map(({ seconds }) => seconds)),
      processorSeconds: sum(usages.map(({ processorSeconds }) => processorSeconds)),
      peakBytes: sum(usages.map(({ peakBytes }) => peakBytes)),
    };
  };
}

/** Memory must follow the largest image and the workers, not how many images there are. */
async function compareMemory(bench: Bench, files: readonly string[]): Promise<void> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const largest = files[sizes.indexOf(Math.max(...sizes))]!;
  const rows: string[][] = [];
  for (const [what, chosen, workers] of [
    ['the largest file', [largest], 1],
    ['the largest file twice', [largest, largest], 2],
    ['the largest file, 20 times', Array<string>(20).fill(largest), 2],
  ] as const) {
    const sources = await gather(join(bench.scratch, what), chosen);
    const { it } = await takeTurns(
      { ...bench, rounds: 1 },
      { it: ours(sources, workers, '--validation', '0') },
    );
    rows.push([what, String(workers), formatMegabytes(it!.peakBytes)]);
  }
  console.log(`${markdownTable([`memory (${basename(largest)})`, 'workers', 'peak'], rows)}\n`);
}

/** What the feed does for a batch, without its thread: cut, turned, made floats. */
async function measureCrops({ scratch, rounds }: Bench, sources: string): Promise<void> {
  const folder = join(scratch, 'set');
  await ours(sources, 2)(folder);
  const cache = await openTrainingCache(folder, 'train');
  const rows: string[][] = [];
  for (const { patch, batch } of [
    { patch: 48, batch: 4 },
    { patch: 48, batch: 16 },
    { patch: 96, batch: 16 },
  ]) {
    const side = patch / SCALE;
    const sizes = cache.images.map(({ width, height }) => ({ width: width / SCALE, height: height / SCALE }));
    const sampler = createCropSampler(sizes, { seed: 0, batch, side, flips: true, quarterTurns: true });
    const makeBatch = (step: number): void => {
      const [lr, hr] = [
        new Float32Array(batch * side * side * 3),
        new Float32Array(batch * patch * patch * 3),
      ];
      for (const [index, { image, x, y, flip, turns }] of sampler.crops(step).entries()) {
        const crop = cache.crop(image, x, y, side);
        orientInto(lr, index * side * side * 3, crop.lr, side, flip, turns);
        orientInto(hr, index * patch * patch * 3, crop.hr, patch, flip, turns);
      }
    };
    const steps = 200;
    let least = Infinity;
    for (let round = 0; round < 2 * rounds; round++) {
      const used = await processorSeconds(() => {
        for (let step = 0; step < steps; step++) makeBatch(round * steps + step);
      });
      least = Math.min(least, used / steps);
    }
    const bytes = batch * (patch * patch + side * side) * 3;
    rows.push([
      `${batch} of ${patch}²`,
      formatSeconds(least),
      Math.round(batch / least).toString(),
      `${(bytes / least / 1e6).toFixed(0)} MB/s`,
      formatSeconds(20 * least),
    ]);
  }
  cache.close();
  console.log(
    markdownTable(['batch', 'time', 'crops a second', 'pixels read', '20 × ahead of steps of'], rows),
  );
}

async function findImages(folder: string | undefined, scratch: string, count: number): Promise<string[]> {
  const given = folder ?? (existsSync(photographs) ? photographs : undefined);
  if (given !== undefined) {
    const names = (await readdir(given)).filter((name) => kindOfFile(name) === 'readable').sort();
    return names.map((name) => join(given, name));
  }
  const made = join(scratch, 'made');
  await mkdir(made);
  const paths = Array.from({ length: count }, (_, index) => join(made, `${index}.jpg`));
  for (const [index, path] of paths.entries())
    await writeFile(path, await jpeg(2400 + 160 * index, 1800, index));
  return paths;
}

async function middleBySize(files: readonly string[]): Promise<string> {
  const sized = await Promise.all(files.map(async (file) => ({ file, bytes: (await stat(file)).size })));
  return sized.sort((a, b) => a.bytes - b.bytes)[sized.length >> 1]!.file;
}

/** So many of the items, from all along the list. */
function evenly<T>(items: readonly T[], count: number): T[] {
  const place = (index: number): number => Math.floor((index * count) / items.length);
  return count >= items.length ? [...items] : items.filter((_, index) => place(index) !== place(index - 1));
}

/** A folder with copies of the files. */
async function gather(folder: string, files: readonly string[]): Promise<string> {
  await mkdir(folder);
  for (const [index, file] of files.entries())
    await copyFile(file, join(folder, `${index}-${basename(file)}`));
  return folder;
}
