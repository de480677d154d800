/** Which pictures lie in which pane: the mode of a stage as data. Pure; `paint.ts` draws what this says. */
import type { ColourRole } from '../kit/colour-roles';
import type { StageState } from './stage-state';
import type { Extent } from './viewport';

export type PictureRole = 'lr' | 'sr' | 'hr';

/** What is known of a `TiledPicture` without a browser. */
export interface PictureTiles extends Extent {
  readonly id: number;
  /** Red, green, blue of a pixel; null where it has not come. */
  colourAt(x: number, y: number): [red: number, green: number, blue: number] | null;
}

/** What is known of a `Thumbnail` without a browser. */
export interface SmallPicture {
  readonly uri: string;
}

export interface StagePicture {
  id: string;
  label: string;
  /** Said after the label where there is room, e.g. a score. */
  detail?: string;
  role: PictureRole;
  /** Of its mark, where several pictures have the same role. */
  colour?: ColourRole;
  uri: string;
  /** What is drawn until the picture has come; where that has the same address, the picture's own is not known yet. */
  thumbnail?: SmallPicture | undefined;
  /** An enlargement of the picture at `uri`, as far as it has come. */
  tiles?: PictureTiles;
  /** What it covers, from the upper left corner, in pixels of the scene; all of the scene if not given. */
  extent?: Extent;
  /** Its map of local SSIM (protocol/similarity-map.ts); null while there is none. A stage with any has a view of them. */
  similarity?: string | null;
}

export type PaneContent =
  | { kind: 'picture'; picture: StagePicture }
  /** Left and right of a divider. */
  | { kind: 'split'; left: StagePicture; right: StagePicture }
  /** |picture − reference| · gain. */
  | { kind: 'difference'; picture: StagePicture; reference: StagePicture }
  /** Local SSIM of both. */
  | { kind: 'similarity'; picture: StagePicture; reference: StagePicture };

/** Whether there are maps of local SSIM, or will be. */
export function hasSimilarity(pictures: readonly StagePicture[]): boolean {
  return pictures.some(({ similarity }) => similarity !== undefined);
}

/** The two pictures of slider and blink: as chosen, else the first two that are not the reference. */
export function pairOf(
  pictures: readonly StagePicture[],
  state: Pick<StageState, 'left' | 'right'>,
): [StagePicture, StagePicture] | null {
  const find = (id: string | null) => pictures.find((picture) => picture.id === id);
  const left = find(state.left) ?? pictures.find((picture) => picture.id !== state.right);
  const right =
    find(state.right) ??
    pictures.find((picture) => picture !== left && picture.role === 'sr') ??
    pictures.find((picture) => picture !== left);
  return left && right ? [left, right] : null;
}

/** What others are compared with: the chosen one, else HR where there is one, else the last. */
export function referenceOf(
  pictures: readonly StagePicture[],
  { reference }: Pick<StageState, 'reference'> = { reference: null },
): StagePicture | undefined {
  return (
    pictures.find((picture) => picture.id === reference) ??
    pictures.find((picture) => picture.role === 'hr') ??
    pictures.at(-1)
  );
}

/** @param swapped whether blink shows its second picture */
export function panesOf(
  pictures: readonly StagePicture[],
  state: StageState,
  swapped: boolean,
): PaneContent[] {
  const solo = pictures.find((picture) => picture.id === state.solo);
  const reference = referenceOf(pictures, state);
  const pair = pairOf(pictures, state);
  const comparing = state.mode === 'difference' || (state.mode === 'similarity' && hasSimilarity(pictures));
  if (comparing && reference && pictures.length > 1) {
    const kind = state.mode === 'similarity' ? 'similarity' : 'difference';
    const shown = solo && solo !== reference ? [solo] : pictures.filter((picture) => picture !== reference);
    return shown.map((picture) => ({ kind, picture, reference }));
  }
  if (solo) return [{ kind: 'picture', picture: solo }];
  if (state.mode === 'slider' && pair) return [{ kind: 'split', left: pair[0], right: pair[1] }];
  if (state.mode === 'blink' && pair) return [{ kind: 'picture', picture: pair[swapped ? 1 : 0] }];
  return pictures.map((picture) => ({ kind: 'picture', picture }));
}
