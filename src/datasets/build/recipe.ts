/** What a person asks of a data set becomes its recipe: complete, checked, and told apart from other recipes. */
import { resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { parseValue } from '../../folders/read-json';
import {
  datasetFileSchema,
  degradationSchema,
  type Adoption,
  type DatasetRecipe,
  type SubImages,
  type ValidationRule,
} from '../../protocol/dataset-file';
import type { DegradationChoice } from '../../protocol/degradation';
import type { Scale } from '../../protocol/run-configuration';
import { completeDegradation } from '../degrade';
import { hashOf } from '../hash';
import { minimumLrSide, type ImageRecipe } from '../make-images';
import { compileFilter } from '../source-filter';

/** What can be said of a data set. What is not said has a default in a new one, and stays in one that is there. */
export interface RecipeOptions {
  name?: string | undefined;
  /** Folders of HR images, searched with all their sub-folders. */
  from?: readonly string[] | undefined;
  /** Globs relative to a root; default: all files. */
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  scale?: Scale | undefined;
  /** Default: MATLAB's bicubic of an 8-bit image. */
  degradation?: DegradationChoice | undefined;
  /** Null for whole images, the default. A step that is not given is the size, a threshold none. */
  subImages?: { size: number; step?: number | undefined; threshold?: number | undefined } | null | undefined;
  /** Take LR images over instead of making them. */
  adopted?: Adoption | undefined;
  /** Default: a tenth of the images, seed 0. */
  validation?: Partial<Extract<ValidationRule, { by: 'image' }>> | ValidationRule | undefined;
}

export const defaultValidation = { by: 'image', share: 0.1, seed: 0 } as const satisfies ValidationRule;

/** The recipe of a new data set. Throws a `LabError` if something in it makes no sense. */
export function newRecipe(
  options: RecipeOptions & { name: string; from: readonly string[]; scale: Scale },
): DatasetRecipe {
  const start = {
    format: 2,
    name: options.name,
    created: new Date().toISOString(),
    roots: [],
    include: ['**'],
    exclude: [],
    scale: options.scale,
    degradation: completeDegradation(),
    validation: defaultValidation,
    leftOut: [],
  } as const;
  return checked({ ...start, ...said(options) });
}

/** The recipe with what is said changed. Throws a `LabError` if something in it makes no sense. */
export function changedRecipe(before: DatasetRecipe, options: RecipeOptions): DatasetRecipe {
  const { subImages, ...rest } = before;
  const kept = options.subImages === null ? rest : { ...rest, ...(subImages && { subImages }) };
  const changed = checked({ ...kept, ...said(options) });
  return { ...changed, leftOut: inRoots(before, changed.roots) };
}

/**
 * What was left out, in other roots. A root that is still there takes its own along; the new one in the place of one that is
 * gone is taken for the same folder, which has moved.
 */
function inRoots({ leftOut, roots }: DatasetRecipe, now: readonly string[]): DatasetRecipe['leftOut'] {
  return leftOut.flatMap((each) => {
    const path = roots[each.root];
    const place = path === undefined ? -1 : now.indexOf(path);
    const heir = now[each.root];
    if (place >= 0) return [{ ...each, root: place }];
    return heir !== undefined && !roots.includes(heir) ? [each] : [];
  });
}

function said(options: RecipeOptions): Partial<Record<keyof DatasetRecipe, unknown>> {
  const { name, from, include, exclude, scale, degradation, subImages, validation, adopted } = options;
  return {
    ...(name !== undefined && { name }),
    ...(from !== undefined && { roots: from.map((root) => resolve(root)) }),
    ...(include !== undefined && { include }),
    ...(exclude !== undefined && { exclude }),
    ...(scale !== undefined && { scale }),
    ...(degradation !== undefined && { degradation: completeDegradation(degradation) }),
    ...(adopted !== undefined && { adopted }),
    ...(subImages !== null &&
      subImages !== undefined && {
        subImages: { step: subImages.size, threshold: 0, ...defined(subImages) },
      }),
    ...(validation !== undefined && {
      validation:
        validation.by === undefined || validation.by === 'image'
          ? { ...defaultValidation, ...defined(validation) }
          : validation,
    }),
  };
}

/** Without keys whose value is undefined. */
function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}

function checked(value: unknown): DatasetRecipe {
  const recipe = parseValue(datasetFileSchema.omit({ contents: true }), value, 'The recipe of the data set');
  compileFilter(recipe);
  if (recipe.validation.by === 'folder') compileFilter({ include: recipe.validation.folders });
  if (recipe.subImages !== undefined) checkSubImages(recipe.subImages, recipe.scale);
  return recipe;
}

function checkSubImages({ size, step }: SubImages, scale: Scale): void {
  if (size % scale !== 0 || step % scale !== 0) {
    throw new LabError(
      `Sub-images of ${size} pixels every ${step} do not fit the scale: both must be multiples of ${scale}, ` +
        'so that HR and LR are cut at the same places.',
    );
  }
  if (size < minimumLrSide * scale) {
    throw new LabError(
      `Sub-images of ${size} pixels are too small: at ×${scale} they need at least ${minimumLrSide * scale}.`,
    );
  }
}

/** Whether two recipes ask for the same data set, whenever they were written. */
export function isSameRecipe(a: DatasetRecipe, b: DatasetRecipe): boolean {
  const key = ({ created: _, $schema: __, leftOut: ___, ...rest }: DatasetRecipe): string =>
    JSON.stringify(datasetFileSchema.omit({ contents: true, created: true, leftOut: true }).parse(rest));
  return key(a) === key(b);
}

/** Names the part of a recipe that decides what comes of a source: images of another key are other images. */
export function imageKey({ scale, degradation, subImages, adopted }: ImageRecipe): string {
  // Of adopted images the degradation is only told.
  const lr = adopted === undefined ? degradationSchema.parse(degradation) : 'adopted';
  return hashOf(JSON.stringify([scale, lr, subImages ?? null, MAKER])).slice(0, 16);
}

/** Raised when the same recipe gives other images or entries than before. */
const MAKER = 1;
