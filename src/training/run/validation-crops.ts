/**
 * Which pictures are scored and sampled during training: the chosen crops of `validation.samples`, or the centre crops of
 * the first validation images.
 */
import { readImage } from '../../datasets/images';
import { imagePath } from '../../datasets/layout';
import { LabError } from '../../folders/lab-error';
import { cropImage, type RgbImage } from '../../imaging/image';
import { imresize } from '../../imaging/imresize';
import { minimumSide } from '../../imaging/metrics';
import type { Dataset, DatasetImage, SplitName } from '../../protocol/dataset-file';
import type { RunConfiguration, SampleChoice } from '../../protocol/run-configuration';

/** A part of a validation image, as it is scored and sampled during training. */
export interface ValidationCrop {
  readonly name: string;
  readonly lr: RgbImage;
  readonly hr: RgbImage;
  readonly bicubic: RgbImage;
}

/** In pixels of whichever image is said. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A crop before anything is read. */
export interface PlannedCrop {
  readonly name: string;
  readonly image: DatasetImage;
  /** In LR pixels. */
  readonly place: Rectangle;
}

export interface ImagePair {
  readonly lr: RgbImage;
  readonly hr: RgbImage;
}

/** The images that a run is scored on, and what a person should know about them. */
export interface ValidationImages {
  readonly split: SplitName;
  readonly images: readonly DatasetImage[];
  readonly warnings: readonly string[];
}

/** The validation split, or the training split where there is none, without the images too small to be scored. */
export function chooseImages(file: Dataset, scale: number): ValidationImages {
  const warnings: string[] = [];
  const minimum = minimumSide(scale);
  const held = file.images.filter((image) => image.split === 'validation');
  const split: SplitName = held.length > 0 ? 'validation' : 'train';
  if (split === 'train') {
    warnings.push(
      `The data set ${file.name} holds no images out for validation: scores are of images that are trained on.`,
    );
  }
  const candidates = held.length > 0 ? held : file.images;
  const images = candidates.filter((image) => Math.min(image.width, image.height) >= minimum);
  if (images.length === 0) {
    throw new LabError(
      `No image of the data set ${file.name} can be scored: each side must have at least ${minimum} pixels. ` +
        `Create the data set from larger images.`,
    );
  }
  if (images.length < candidates.length) {
    const names = candidates.filter((image) => !images.includes(image)).map((image) => image.name);
    warnings.push(
      `Too small to be scored (under ${minimum} pixels) and left out of validation: ${names.join(', ')}.`,
    );
  }
  return { split, images, warnings };
}

/** Throws a `LabError` where `validation.samples` names what cannot be taken. */
export function planCrops(
  { scale, validation }: Pick<RunConfiguration, 'scale' | 'validation'>,
  images: readonly DatasetImage[],
): PlannedCrop[] {
  if (validation.samples === undefined) {
    return images.slice(0, validation.images).map((image) => ({
      name: image.name,
      image,
      place: centreOf(image, validation.crop, scale),
    }));
  }
  return validation.samples.map((choice) => {
    const image = images.find(({ name }) => name === choice.image);
    if (image === undefined) {
      throw new LabError(
        `\`validation.samples\` of run.srgan.json names the image ${choice.image}, which is not among the images that ` +
          `can be validated on: ${listed(images)}.`,
      );
    }
    const place = choice.crop
      ? chosenPlace(choice, choice.crop, image, scale)
      : centreOf(image, validation.crop, scale);
    return { name: choice.name ?? choice.image, image, place };
  });
}

/** Reads the crop. Throws a `LabError` if an image cannot be read. */
export async function readCrop(
  folder: string,
  { name, image, place }: PlannedCrop,
  scale: number,
): Promise<ValidationCrop> {
  const pair = await readPair(folder, image);
  const { left, top, width, height } = place;
  const lr = cropImage(pair.lr, left, top, width, height);
  const hr = cropImage(pair.hr, left * scale, top * scale, width * scale, height * scale);
  return { name, lr, hr, bicubic: enlarge(lr, scale) };
}

/** Throws a `LabError` if an image cannot be read. */
export async function readPair(folder: string, { name }: DatasetImage): Promise<ImagePair> {
  const [lr, hr] = await Promise.all([
    readImage(imagePath(folder, 'lr', name)),
    readImage(imagePath(folder, 'hr', name)),
  ]);
  return { lr, hr };
}

export function enlarge(lr: RgbImage, scale: number): RgbImage {
  return imresize(lr, { width: lr.width * scale, height: lr.height * scale });
}

/** `side` in HR pixels; a side of the image that is shorter is taken whole. In LR pixels. */
function centreOf(image: DatasetImage, side: number, scale: number): Rectangle {
  const [width, height] = [image.width, image.height].map((length) =>
    Math.min(length / scale, Math.max(Math.floor(side / scale), Math.ceil(minimumSide(scale) / scale))),
  ) as [number, number];
  return {
    left: (image.width / scale - width) >> 1,
    top: (image.height / scale - height) >> 1,
    width,
    height,
  };
}

/** In LR pixels, each of which is in it whole. */
function chosenPlace(choice: SampleChoice, crop: Rectangle, image: DatasetImage, scale: number): Rectangle {
  const said = `The crop of ${crop.width}×${crop.height} at (${crop.left}, ${crop.top}) of ${choice.image} in \`validation.samples\``;
  if (crop.left + crop.width > image.width || crop.top + crop.height > image.height) {
    throw new LabError(`${said} leaves the image, which has ${image.width}×${image.height} pixels.`);
  }
  const [left, top] = [Math.floor(crop.left / scale), Math.floor(crop.top / scale)];
  const [right, bottom] = [crop.left + crop.width, crop.top + crop.height].map((end) =>
    Math.ceil(end / scale),
  ) as [number, number];
  const place = { left, top, width: right - left, height: bottom - top };
  const minimum = minimumSide(scale);
  if (Math.min(place.width, place.height) * scale < minimum) {
    throw new LabError(`${said} is too small to be scored: each side must have at least ${minimum} pixels.`);
  }
  return place;
}

const LISTED = 12;

function listed(images: readonly DatasetImage[]): string {
  const names = images.slice(0, LISTED).map(({ name }) => name);
  return names.join(', ') + (images.length > LISTED ? ` and ${images.length - LISTED} more` : '');
}
