/**
 * A task without labels of one's own: what was done to this picture? Crops of photographs, each degraded in one of a few
 * known ways, which is its class. Nothing is resized afterwards, and all crops of a photograph are in one part.
 */
import { applyAll } from '../../../datasets/degrade';
import { readImage } from '../../../datasets/images';
import { scanFolders } from '../../../datasets/scan';
import { LabError } from '../../../folders/lab-error';
import type { Operation } from '../../../imaging/degradation/draw';
import { cropImage, type RgbImage } from '../../../imaging/image';
import { imresize } from '../../../imaging/imresize';
import type { DataProblem } from '../../../protocol/transfer';
import { randomStream } from '../../../random/random-stream';
import { countOf } from '../../../protocol/quantities';
import type { LabelledImage, LabelledImages } from './labelled-images';
import { shuffled } from './split';

type Resizing = Extract<Operation, { type: 'resize' }>;

/** Shrunk to half by a kernel and enlarged again bicubically. */
function throughHalf(kernel: Resizing['kernel'], antialias: boolean): Operation[] {
  const resize = { type: 'resize', of: 'previous' } as const;
  return [
    { ...resize, factor: 0.5, kernel, antialias },
    { ...resize, factor: 2, kernel: 'bicubic', antialias: true },
  ];
}

const noise = (sigma: number): Operation[] => [
  { type: 'gaussian-noise', sigma, grey: false, stream: 'transfer/noise' },
];

/** The classes: kernels, noise levels, JPEG levels. */
export const degradationClasses: Readonly<Record<string, readonly Operation[]>> = {
  untouched: [],
  'bicubic ½ ×2': throughHalf('bicubic', true),
  'box ½ ×2': throughHalf('box', true),
  'blur σ 1.2': [
    { type: 'blur', shape: 'gaussian', size: 9, sigmaX: 1.2, sigmaY: 1.2, rotation: 0, beta: 1 },
  ],
  'noise σ 6': noise(6),
  'noise σ 15': noise(15),
  'JPEG 75': [{ type: 'jpeg', quality: 75 }],
  'JPEG 40': [{ type: 'jpeg', quality: 40 }],
};

/** Pixels around a crop, so that its border is as any other place; JPEG’s grid falls anywhere in it. */
const MARGIN = 16;

export interface DegradationOptions {
  readonly side: number;
  /** Crops of each photograph, where it has room for so many side by side. */
  readonly crops: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onImage?: (done: number, total: number) => void;
}

/** Makes the task. Throws a `LabError` where fewer than three photographs are large enough. */
export async function makeDegradationTask(
  folder: string,
  { side, crops, seed, signal, onImage }: DegradationOptions,
): Promise<LabelledImages> {
  const { candidates, omitted } = await scanFolders([folder], {}, signal);
  const problems: DataProblem[] = omitted.map(({ source, reason }) => ({ file: source, reason }));
  const classes = Object.keys(degradationClasses);
  const images: LabelledImage[] = [];
  const squares: Uint8Array[] = [];
  for (const [group, { source, path }] of candidates.entries()) {
    signal?.throwIfAborted();
    try {
      const photograph = halved(await readImage(path), side, crops);
      const places = cropPlaces(photograph, side, crops, seed, group);
      if (places.length === 0) {
        throw new LabError(
          `It is too small: ${photograph.width}×${photograph.height} pixels, where a crop with its margin takes ` +
            `${side + 2 * MARGIN}×${side + 2 * MARGIN}.`,
        );
      }
      const order = shuffled(places.length, seed, `transfer/degradation/${group}`);
      for (const [index, { left, top }] of places.entries()) {
        const label = order[index]! % classes.length;
        const padded = cropImage(photograph, left, top, side + 2 * MARGIN, side + 2 * MARGIN);
        squares.push(await degradeCrop(padded, side, label, { seed, image: group * 65_536 + index }));
        images.push({ file: `${source} at ${left}, ${top}`, label, group });
      }
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push({ file: source, reason: error.message });
    }
    onImage?.(group + 1, candidates.length);
  }
  if (new Set(images.map(({ group }) => group)).size < 3) {
    throw new LabError(
      `${folder} has too few photographs that are large enough (${countOf(problems.length, 'file')} left out): ` +
        'three at least are needed, one each to train, to validate and to test. Name a folder with more.',
    );
  }
  const pixels = new Uint8Array(squares.length * side * side * 3);
  squares.forEach((square, position) => {
    pixels.set(square, position * square.length);
  });
  return { side, classes, images, pixels, problems };
}

/** A photograph at half its size where it keeps room for the crops: what its camera did to it hardly remains then. */
function halved(photograph: RgbImage, side: number, crops: number): RgbImage {
  const [width, height] = [Math.floor(photograph.width / 2), Math.floor(photograph.height / 2)];
  const padded = side + 2 * MARGIN;
  const room = Math.floor(width / padded) * Math.floor(height / padded);
  return room >= crops ? imresize(photograph, { width, height }) : photograph;
}

/** Corners of up to `count` padded crops that do not overlap, drawn by the seed. */
function cropPlaces(
  { width, height }: RgbImage,
  side: number,
  count: number,
  seed: number,
  group: number,
): { left: number; top: number }[] {
  const padded = side + 2 * MARGIN;
  const columns = Math.floor(width / padded);
  const rows = Math.floor(height / padded);
  return shuffled(columns * rows, seed, `transfer/crops/${group}`)
    .slice(0, count)
    .map((cell) => ({ left: (cell % columns) * padded, top: Math.floor(cell / columns) * padded }));
}

async function degradeCrop(
  padded: RgbImage,
  side: number,
  label: number,
  chance: { seed: number; image: number },
): Promise<Uint8Array> {
  const operations = Object.values(degradationClasses)[label]!;
  const lr = { width: padded.width, height: padded.height };
  const degraded = await applyAll(padded, operations, { chance, lr });
  const random = randomStream(chance.seed, 'transfer/margin', chance.image);
  // From half to one and a half margins: an even start, as resizing by two has even places, would tell the class.
  const offset = (): number => MARGIN / 2 + random.integer(MARGIN);
  const left = offset();
  return cropImage(degraded, left, offset(), side, side).data;
}
