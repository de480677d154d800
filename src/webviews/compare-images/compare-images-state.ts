/** How a page of compared images looks, kept while it is hidden and over reloads; what the host has told of its pictures; wishes. */
import { computed, effect, signal } from '@preact/signals';
import type { ComparisonChoice, Measurement } from '../../protocol/compare-images';
import type { ComparisonProtocol } from '../../protocol/comparison-choices';
import type {
  ComparedImage,
  CompareImagesMemory,
  CompareImagesPageContract,
  ListedImage,
} from '../../protocol/compare-images-page';
import type { PictureSize } from '../../protocol/picture-alignment';
import type { Cell } from '../kit/cell';
import { connect } from '../kit/connection';
import { pageState } from '../kit/page-state';
import type { SortOrder } from '../kit/sort-order';
import { windowTransport } from '../kit/vscode-api';
import { initialStageState, type StageState } from '../stage/stage-state';
import { loadPictures } from '../stage/use-pictures';
import { Answers, type Wish } from './answers';
import { compare, stagePictures, type ComparedPicture, type Told, type WorkedOut } from './compared-picture';
import type { FigureRow } from './figures';

export interface CompareImagesPageState extends CompareImagesMemory {
  images: ComparedImage[];
  /** Id; null is the first. */
  reference: string | null;
  protocol: ComparisonProtocol;
  border: number;
  /** Whether smaller pictures are enlarged by bicubic imresize, and measured. */
  enlarge: boolean;
  stage: StageState;
  sort: SortOrder | null;
}

export const page = pageState<CompareImagesPageState>({
  images: [],
  reference: null,
  protocol: 'y',
  border: 0,
  enlarge: false,
  stage: { ...initialStageState, mode: 'slider' },
  sort: null,
});

export function update(change: Partial<CompareImagesPageState>): void {
  page.value = { ...page.peek(), ...change };
}

/** Null until the host has named them. */
const listed = signal<readonly ListedImage[] | null>(null);
export const trusted = signal(true);
const told = signal<ReadonlyMap<string, Told>>(new Map());
/** Sizes of pictures that only the page itself has looked into, by address. */
const sizes = signal<ReadonlyMap<string, PictureSize>>(new Map());
/** What the last request failed with. */
export const problem = signal<string | null>(null);
/** Said to screen readers, and beside the button, after a copy. */
export const copied = signal(false);

const figures = new Answers<Measurement>();
const maps = new Answers<string>();
const enlargements = new Answers<string>();

export const host = connect<CompareImagesPageContract>(windowTransport(), {
  images: (list) => {
    listed.value = list.images;
    trusted.value = list.trusted;
    told.value = new Map([...told.value].filter(([id]) => list.images.some((each) => each.id === id)));
    update({ images: list.images.map(({ image }) => image) });
  },
  picture: ({ id, ...found }) => {
    told.value = new Map(told.value).set(id, found);
    if (found.size === null) void lookInto(found.uri);
  },
  broken: ({ id, message }) => {
    told.value = new Map(told.value).set(id, { problem: message });
  },
});

/** In Restricted Mode nobody else may; the stage loads it anyway. */
async function lookInto(uri: string): Promise<void> {
  const { loaded } = await loadPictures([{ id: uri, label: uri, role: 'sr', uri }]);
  const picture = loaded.get(uri);
  if (!picture) return;
  const { width, height } = picture;
  sizes.value = new Map(sizes.value).set(uri, { width, height });
}

function sizeOf(known: Told): PictureSize | null {
  return 'problem' in known ? null : (known.size ?? sizes.value.get(known.uri) ?? null);
}

/** All pictures on the list; null until the host has named them. */
export const pictures = computed((): ComparedPicture[] | null =>
  listed.value === null ? null : compare(listed.value, told.value, sizeOf, page.value),
);

export const reference = computed(() => pictures.value?.find(({ isReference }) => isReference));

/** What an answer for a picture depends on; null while it cannot be asked for. */
function keyOf(picture: ComparedPicture): string | null {
  const [a, b] = [reference.value, picture].map((each) => each?.told);
  if (!trusted.value || !picture.measured || !a || !b || 'problem' in a || 'problem' in b) return null;
  const { protocol, border, enlarge } = page.value;
  return JSON.stringify([reference.value?.id, a.version, picture.id, b.version, protocol, border, enlarge]);
}

function enlargementKeyOf({ id, told: known, alignment }: ComparedPicture): string | null {
  const wanted = trusted.value && page.value.enlarge && alignment?.kind === 'smaller';
  return wanted && known && 'version' in known ? JSON.stringify([id, known.version, alignment.scale]) : null;
}

/** What has been worked out for a picture so far. */
export function workedOut(picture: ComparedPicture): WorkedOut {
  const key = keyOf(picture);
  const enlargementKey = enlargementKeyOf(picture);
  const enlarged = enlargementKey === null ? undefined : enlargements.of(enlargementKey);
  return {
    figures: key === null ? undefined : figures.of(key),
    map: key === null ? undefined : mapOf(key),
    enlarged: enlarged && 'ok' in enlarged ? enlarged.ok : undefined,
  };
}

/** Null until it is there; one that cannot be made is told of with the figures, which cannot be had either. */
function mapOf(key: string): string | null | undefined {
  const map = maps.of(key);
  if (map === undefined) return null;
  return 'ok' in map ? map.ok : undefined;
}

/** What the stage shows. */
export const shown = computed(() => stagePictures(pictures.value ?? [], workedOut));

/** Rows of the table, in the order of the list: all pictures but the reference. */
export const rows = computed((): FigureRow[] =>
  (pictures.value ?? [])
    .filter(({ isReference }) => !isReference)
    .map((picture) => ({ picture, figures: workedOut(picture).figures })),
);

/** Whether figures of the picture are being worked out. */
export function isComputing(picture: ComparedPicture): boolean {
  return keyOf(picture) !== null && workedOut(picture).figures === undefined;
}

// Whatever is wanted now is asked for; what is no longer wanted is given up.
effect(() => {
  const [measure, map, enlarge] = wishes();
  const stale = figures.hasStale(measure) || maps.hasStale(map) || enlargements.hasStale(enlarge);
  if (stale) {
    void host.request('drop', {}).catch(() => undefined);
    for (const answers of [figures, maps, enlargements]) answers.forget();
  }
  figures.ask(measure);
  maps.ask(map);
  enlargements.ask(enlarge);
});

type Wishes<T> = Map<string, Wish<T>>;

function wishes(): [Wishes<Measurement>, Wishes<string>, Wishes<string>] {
  const { protocol, border, enlarge, stage } = page.value;
  const choice: ComparisonChoice = { protocol, border, enlarge };
  const measure: Wishes<Measurement> = new Map();
  const map: Wishes<string> = new Map();
  const enlarged: Wishes<string> = new Map();
  for (const picture of pictures.value ?? []) {
    const key = keyOf(picture);
    const pair = { reference: reference.value?.id ?? '', id: picture.id, choice };
    if (key !== null) {
      measure.set(key, () => host.request('measure', pair, { timeout: null }));
      // A map that is there stays, for whoever goes to and fro.
      if (stage.mode === 'similarity' || maps.of(key) !== undefined)
        map.set(key, () => host.request('map', pair, { timeout: null }));
    }
    const enlargementKey = enlargementKeyOf(picture);
    const scale = picture.alignment?.scale ?? 1;
    if (enlargementKey !== null) {
      enlarged.set(enlargementKey, () =>
        host.request('enlarge', { id: picture.id, scale }, { timeout: null }),
      );
    }
  }
  return [measure, map, enlarged];
}

/** The stage's own choice of a reference is the page's: there is one reference. */
export const stageCell: Cell<StageState> = {
  get value() {
    return { ...page.value.stage, reference: reference.value?.id ?? null };
  },
  set(stage) {
    update({ stage, reference: stage.reference });
  },
};

/** Does what a person asked for, and says why if it could not be done. */
export async function attempt(action: () => Promise<unknown>): Promise<void> {
  problem.value = null;
  try {
    await action();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

export async function copyText(text: string): Promise<void> {
  copied.value = false;
  await attempt(async () => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
  });
}
