/** The compared pictures, each with how it lies over the reference, and what the stage shows of them. Pure. */
import type { Measurement } from '../../protocol/compare-images';
import type { ListedImage } from '../../protocol/compare-images-page';
import {
  alignmentWords,
  alignTo,
  isMeasured,
  type Alignment,
  type PictureSize,
} from '../../protocol/picture-alignment';
import type { ColourRole } from '../kit/colour-roles';
import type { StagePicture } from '../stage/panes';
import type { Answer } from './answers';

/** What the host has told of a picture: where it is, or why it is not. */
export type Told =
  | { readonly uri: string; readonly version: number; readonly size: PictureSize | null }
  | { readonly problem: string };

export interface ComparedPicture extends ListedImage {
  readonly isReference: boolean;
  /** Of its mark, on the stage and in the table. */
  readonly colour: ColourRole;
  /** Undefined before the host has told of it. */
  readonly told: Told | undefined;
  readonly size: PictureSize | null;
  /** Null for the reference, and while a size is not known. */
  readonly alignment: Alignment | null;
  /** What was made of a difference in size. */
  readonly sentence: string | null;
  readonly measured: boolean;
}

const colours = ['run1', 'run2', 'run3', 'run4', 'run5', 'run6'] as const;

/**
 * @param reference id of the reference; the first where there is none of that id
 * @param sizeOf the size of a picture, once it is known
 */
export function compare(
  listed: readonly ListedImage[],
  told: ReadonlyMap<string, Told>,
  sizeOf: (told: Told) => PictureSize | null,
  { reference: wanted, enlarge }: { reference: string | null; enlarge: boolean },
): ComparedPicture[] {
  const reference = listed.find(({ id }) => id === wanted) ?? listed[0];
  const sizes = new Map(
    listed.map(({ id }) => {
      const known = told.get(id);
      return [id, known ? sizeOf(known) : null];
    }),
  );
  const frame = reference && sizes.get(reference.id);
  return listed.map((picture, index) => {
    const isReference = picture.id === reference?.id;
    const size = sizes.get(picture.id) ?? null;
    const fits = frame && size && !isReference ? { frame, size } : null;
    const alignment = fits && alignTo(fits.frame, fits.size);
    return {
      ...picture,
      isReference,
      colour: isReference ? 'hr' : colours[index % colours.length]!,
      told: told.get(picture.id),
      size,
      alignment,
      sentence:
        fits &&
        alignmentWords(
          { name: reference?.name ?? '', ...fits.frame },
          { name: picture.name, ...fits.size },
          enlarge,
        ),
      measured: alignment !== null && isMeasured(alignment, enlarge),
    };
  });
}

/** What is known of one picture beyond its file. */
export interface WorkedOut {
  readonly figures: Answer<Measurement> | undefined;
  /** Address of its map; null while there is none, undefined where there will be none. */
  readonly map: string | null | undefined;
  /** Address of its enlargement. */
  readonly enlarged: string | undefined;
}

/** The pictures that can be shown, as the stage takes them; scene pixels are those of the reference. */
export function stagePictures(
  compared: readonly ComparedPicture[],
  workedOut: (picture: ComparedPicture) => WorkedOut,
): StagePicture[] {
  return compared.flatMap((picture) => {
    const { told, alignment, isReference, size, id, name, colour } = picture;
    if (told === undefined || 'problem' in told) return [];
    const { figures, map, enlarged } = workedOut(picture);
    const extent = isReference ? size : alignment?.cover;
    return {
      id,
      label: name,
      role: isReference ? 'hr' : 'sr',
      colour,
      uri: enlarged ?? told.uri,
      ...(isReference ? { detail: 'reference' } : detailOf(figures)),
      ...(extent && { extent }),
      ...(map !== undefined && { similarity: map }),
    };
  });
}

/** The first figure, beside the name of its picture. */
function detailOf(figures: Answer<Measurement> | undefined): { detail?: string } {
  if (figures === undefined || 'err' in figures) return {};
  const [first] = figures.ok.figures;
  if (first === undefined || first.value === null) return {};
  return {
    detail:
      first.value === 'infinite' ? 'equal' : `${first.value.toFixed(first.digits)} ${first.unit}`.trim(),
  };
}
