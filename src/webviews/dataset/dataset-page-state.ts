/** How the dataset page looks, kept while it is hidden; what it knows of the data set, given by the host. */
import { computed, signal } from '@preact/signals';
import type {
  CheckProblem,
  DatasetHeader,
  DatasetPageContract,
  DatasetWork,
  LeftOutImage,
  PageAnalysis,
  SourceName,
} from '../../protocol/dataset-page';
import type { ChartGroupState } from '../chart/chart-group';
import { connect } from '../kit/connection';
import { pageState } from '../kit/page-state';
import { windowTransport } from '../kit/vscode-api';
import { initialStageState, type StageState } from '../stage/stage-state';
import { problemsIn } from './analysis';
import { everyImage, ImageCollection, type ImageFilter, type Sorting } from './image-collection';
import { emptyListing, ImageListing } from './image-listing';

export interface DatasetPageState {
  stage: StageState;
  /** Name of the image on the stage; null is the first that is shown. */
  image: string | null;
  layout: 'grid' | 'list';
  filter: ImageFilter;
  sorting: Sorting;
  /** The degradation that is being edited (a `Draft`); null while it is that of the data set. */
  draft: unknown;
  editorOpen: boolean;
  /** Side of the part that the editor shows, in HR pixels. */
  previewSide: number;
  previewStage: StageState;
  charts: ChartGroupState;
}

export const page = pageState<DatasetPageState>({
  stage: initialStageState,
  image: null,
  layout: 'grid',
  filter: everyImage,
  sorting: { key: 'listed', descending: false },
  draft: null,
  editorOpen: false,
  previewSide: 256,
  previewStage: initialStageState,
  charts: { xAxis: 'step', zoom: null, smoothing: 0, hidden: [], logarithmic: {} },
});

/** Null until the host has said what the data set is. */
export const header = signal<DatasetHeader | null>(null);
export const broken = signal<string | null>(null);
export const problem = signal<string | null>(null);
export const work = signal<DatasetWork | null>(null);
export const analysis = signal<PageAnalysis | null>(null);
/** What checking the files has found; null before. */
export const checked = signal<readonly CheckProblem[] | null>(null);
/** What was taken out last, to be put back with one click. */
export const undo = signal<readonly LeftOutImage[] | null>(null);

/** Images and omissions as they have come so far. */
export const listing = signal(emptyListing);
const reader = new ImageListing((now) => {
  listing.value = now;
});

/** The images with their problems, and those that pass the filter. Neither depends on what is on the screen. */
export const collection = computed(
  () => new ImageCollection(listing.value.images, problemsIn(analysis.value?.result ?? null)),
);
/** Only what the list depends on, so that a moved stage does not filter 100,000 images. */
const filter = computed(() => page.value.filter);
const sorting = computed(() => page.value.sorting);
export const found = computed(() => collection.value.find(filter.value, sorting.value));

/** The image on the stage. */
export const selected = computed(() => {
  const { images } = collection.value;
  const name = page.value.image;
  const index = name === null ? -1 : collection.value.indexOf(name);
  return images[index] ?? images[found.value[0] ?? 0];
});

export function select(name: string): void {
  page.value = { ...page.value, image: name };
}

export function changeFilter(change: Partial<ImageFilter>): void {
  page.value = { ...page.value, filter: { ...page.value.filter, ...change } };
}

export const host = connect<DatasetPageContract>(windowTransport(), {
  header: (now) => {
    broken.value = null;
    // What a check has found is true of the files that it read.
    if (header.peek()?.contents?.sha256 !== now.contents?.sha256) checked.value = null;
    header.value = now;
  },
  portion: (portion) => {
    reader.add(portion);
  },
  complete: ({ reading }) => {
    reader.complete(reading);
  },
  analysis: (now) => {
    analysis.value = now;
  },
  work: (now) => {
    work.value = now;
  },
  broken: ({ message }) => {
    broken.value = message;
  },
});

/** What was asked for, or null where it failed; the reason is then told at the top of the page. */
export async function attempt<T>(action: Promise<T>): Promise<T | null> {
  problem.value = null;
  try {
    return await action;
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
    return null;
  }
}

type PlainRequest = 'startTraining' | 'openAsText' | 'revealFolder' | 'update' | 'analyse' | 'stopWork';

/** A person may have to answer a dialog, and work takes as long as it takes, so there is no timeout. */
export function perform(request: PlainRequest): void {
  void attempt(host.request(request, {}, { timeout: null }));
}

export function openSource({ root, source }: SourceName): void {
  void attempt(host.request('openSource', { root, source }));
}

/** Reads every file again and compares hashes: as long as that takes. */
export async function checkFiles(): Promise<void> {
  checked.value = null;
  const result = await attempt(host.request('check', {}, { timeout: null }));
  checked.value = result?.problems ?? null;
}

export async function repairFiles(): Promise<void> {
  const done = await attempt(host.request('repair', {}, { timeout: null }).then(() => true));
  if (done !== null) await checkFiles();
}

export async function leaveOut(names: readonly string[]): Promise<void> {
  const images = names.flatMap((name) => collection.peek().images[collection.peek().indexOf(name)] ?? []);
  selectAfter(names);
  const done = await attempt(
    host.request('leaveOut', { names: [...names] }, { timeout: null }).then(() => true),
  );
  if (done !== null) {
    undo.value = images.map(({ root, source, crop }) => ({ root, source, crop }));
  }
}

/** The image after those that go, so that a person can go on looking where they were. */
function selectAfter(names: readonly string[]): void {
  const gone = new Set(names);
  const { images } = collection.peek();
  const order = found.peek();
  const at = order.findIndex((index) => images[index]?.name === selected.peek()?.name);
  const rest = [...order.subarray(Math.max(0, at)), ...order.subarray(0, Math.max(0, at)).toReversed()];
  const next = rest.find((index) => !gone.has(images[index]!.name));
  if (next !== undefined) select(images[next]!.name);
}

export async function putBack(images: readonly LeftOutImage[]): Promise<void> {
  const done = await attempt(
    host.request('putBack', { images: [...images] }, { timeout: null }).then(() => true),
  );
  if (done !== null) undo.value = null;
}
