/**
 * NIQE beside the scores of a validation. It is measured on crops alone: a validation of whole images is shown with that of the
 * newest crops, by the names of the images. Pure.
 */
import type { NiqeScores, ValidationLine } from '../../protocol/metrics';

export interface NiqeBeside {
  /** The validation whose crops were measured: the one asked for, or an earlier one. */
  readonly line: ValidationLine;
  readonly mean: NiqeScores;
  /** By name of the image; one whose crop is too small has none. */
  readonly images: ReadonlyMap<string, NiqeScores>;
}

/** @param lines all validations so far; null where NIQE has not been measured */
export function niqeBeside(shown: ValidationLine, lines: readonly ValidationLine[]): NiqeBeside | null {
  const line = shown.niqe ? shown : lines.findLast(({ niqe }) => niqe !== undefined);
  if (line?.niqe === undefined) return null;
  const images = line.images.flatMap(({ name, niqe }): [string, NiqeScores][] =>
    niqe ? [[name, niqe]] : [],
  );
  return { line, mean: line.niqe, images: new Map(images) };
}
