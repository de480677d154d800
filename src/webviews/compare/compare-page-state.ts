/** How the compare page looks, kept while it is hidden and over reloads; and what it knows of the runs, given by the host. */
import { computed, signal } from '@preact/signals';
import type { ComparedRunContent, ComparePageContract, ComparePageMemory } from '../../protocol/compare-page';
import type { SaveFile } from '../chart/chart-actions';
import type { KeptCrop } from '../../protocol/kept-crops';
import { chartGroup, type ChartGroupState } from '../chart/chart-group';
import { cellOf } from '../kit/cell';
import { connect } from '../kit/connection';
import { pageState } from '../kit/page-state';
import { windowTransport } from '../kit/vscode-api';
import { initialQualityState, type QualityState } from '../quality/quality-state';
import { initialStageState, type StageState } from '../stage/stage-state';
import { distinctNames, isRead, ownName, type ComparedRun } from './compared-run';
import type { SortOrder } from '../kit/sort-order';
import { extentOf } from './curves';
import { assignSlots, type Slots } from './slots';
import { viewOf } from './view';

export interface ComparePageState extends ComparePageMemory {
  slots: Slots;
  /** Folders of runs that are left out of curves and pictures. */
  hidden: string[];
  filter: string;
  onlyStarred: boolean;
  sort: SortOrder | null;
  /** Columns and charts that a person has shown or put away, by id. */
  columns: Record<string, boolean>;
  charts: Record<string, boolean>;
  stage: StageState;
  curves: ChartGroupState;
  quality: QualityState;
  /** Key of the scene on the stage; null is the first. */
  scene: string | null;
  /** Step of the pictures; null follows the runs. */
  step: number | null;
  /** Pictures on a page of the stage, and which page. */
  perPage: number;
  picturePage: number;
  scroll: number;
}

export const page = pageState<ComparePageState>({
  runs: [],
  slots: {},
  hidden: [],
  filter: '',
  onlyStarred: false,
  sort: null,
  columns: {},
  charts: {},
  stage: initialStageState,
  curves: { xAxis: 'step', zoom: null, smoothing: 0.8, hidden: [], logarithmic: {} },
  quality: initialQualityState,
  scene: null,
  step: null,
  perPage: 6,
  picturePage: 0,
  scroll: 0,
});

export function update(change: Partial<ComparePageState>): void {
  page.value = { ...page.peek(), ...change };
}

interface Told {
  content: ComparedRunContent | null;
  problem: string | null;
}

/** Null until the host has named the runs. */
const folders = signal<readonly string[] | null>(null);
const told = signal<ReadonlyMap<string, Told>>(new Map());
const starred = signal<ReadonlySet<string>>(new Set());
/** What the last request failed with. */
export const problem = signal<string | null>(null);
/** Said to screen readers, and beside the button, after a copy. */
export const copied = signal(false);

const tell = (folder: string, news: Told) => {
  told.value = new Map(told.value).set(folder, news);
};

export const host = connect<ComparePageContract>(windowTransport(), {
  runs: ({ folders: list }) => {
    const { slots, hidden } = page.peek();
    update({
      runs: list,
      slots: assignSlots(slots, list),
      hidden: hidden.filter((folder) => list.includes(folder)),
    });
    told.value = new Map([...told.value].filter(([folder]) => list.includes(folder)));
    folders.value = list;
  },
  starred: (list) => {
    starred.value = new Set(list);
  },
  run: ({ folder, content }) => {
    tell(folder, { content, problem: null });
  },
  change: ({ folder, change }) => {
    const content = told.value.get(folder)?.content;
    if (content) tell(folder, { content: { ...content, ...change }, problem: null });
  },
  broken: ({ folder, message }) => {
    tell(folder, { content: null, problem: message });
  },
});

/** All runs on the list, read or not; null until the host has named them. */
export const runs = computed((): ComparedRun[] | null => {
  const list = folders.value;
  if (list === null) return null;
  const { slots } = page.value;
  const known = list.map((folder) => told.value.get(folder) ?? { content: null, problem: null });
  const names = distinctNames(
    list.map((folder, index) => ({ folder, name: ownName(folder, known[index]!.content) })),
  );
  return list.map((folder, index) => ({
    folder,
    slot: slots[folder] ?? index,
    name: names[index]!,
    ...known[index]!,
  }));
});

/** Table, filter and order as they are now. */
export const view = computed(() => viewOf(runs.value ?? [], starred.value, page.value));

/** The runs in curves and pictures: those that the filter finds and that are not hidden, in the order of the list. */
export const shownRuns = computed(() => {
  const found = new Set(view.value.rows.map(({ run }) => run.folder));
  const { hidden } = page.value;
  return (runs.value ?? [])
    .filter(isRead)
    .filter(({ folder }) => found.has(folder) && !hidden.includes(folder));
});

const extent = computed(() => ({
  step: extentOf(shownRuns.value, 'step'),
  time: extentOf(shownRuns.value, 'time'),
}));

export const group = chartGroup(cellOf(page, 'curves'), extent);

type PlainRequest = 'addRuns' | 'addFolder';
type RunRequest = 'remove' | 'openRun' | 'openConfiguration';

async function attempt(action: () => Promise<unknown>): Promise<void> {
  problem.value = null;
  try {
    await action();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

/** Asks the host for something; a person may have to answer a dialogue, so there is no timeout. */
export function perform(request: PlainRequest): void {
  void attempt(() => host.request(request, {}, { timeout: null }));
}

export function performOn(request: RunRequest, folder: string): void {
  void attempt(() => host.request(request, { folder }));
}

/** Keeps a crop with every run that shows its scene. */
export function keepCrop(folders: string[], crop: KeptCrop): void {
  void attempt(() => host.request('keepCrop', { folders, crop }));
}

export function removeCrop(folders: string[], image: string, name: string): void {
  void attempt(() => host.request('removeCrop', { folders, image, name }));
}

export function star(folder: string, wanted: boolean): void {
  void attempt(() => host.request('star', { folder, starred: wanted }));
}

/** Saving asks where to, and a person may think about it for as long as they like. */
export function saveText(name: string, text: string): void {
  void attempt(() => host.request('saveText', { name, text }, { timeout: null }));
}

export function savePicture(name: string, base64: string): void {
  void attempt(() => host.request('savePicture', { name, base64 }, { timeout: null }));
}

/** For charts: their files are named as parts of a comparison. */
export const saveFile: SaveFile = {
  text: (name, text) => {
    saveText(`comparison-${name}`, text);
  },
  picture: (name, base64) => {
    savePicture(`comparison-${name}`, base64);
  },
  failed: (what, error) => {
    problem.value = `Could not ${what}: ${error instanceof Error ? error.message : String(error)}`;
  },
};

export async function copyText(text: string): Promise<void> {
  copied.value = false;
  await attempt(async () => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
  });
}
