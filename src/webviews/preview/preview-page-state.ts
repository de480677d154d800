/** How a preview looks, kept while it is hidden and over reloads; and what it knows of its picture, given by the host. */
import { signal } from '@preact/signals';
import type { Enlargement, Histogram, PictureFacts, Region } from '../../protocol/preview';
import type { PreviewChoice, PreviewPageContract, ShownFile } from '../../protocol/preview-page';
import { cellOf } from '../kit/cell';
import { connect } from '../kit/connection';
import { pageState } from '../kit/page-state';
import { windowTransport } from '../kit/vscode-api';
import { initialStageState, type StageState } from '../stage/stage-state';
import { Thumbnail } from '../stage/thumbnail';
import { TiledPicture } from '../stage/tiled-picture';
import { rescaled } from './view-scale';

export interface PreviewPageState {
  stage: StageState;
  /** Pixels of the scene for a pixel of the file: the view is meant in those. */
  scale: number;
  /** Id of what enlarges; null shows the file alone. */
  choice: string | null;
  details: boolean;
}

export const page = pageState<PreviewPageState>({
  stage: { ...initialStageState, mode: 'slider' },
  scale: 1,
  choice: null,
  details: true,
});
export const stageCell = cellOf(page, 'stage');

export function update(change: Partial<PreviewPageState>): void {
  page.value = { ...page.peek(), ...change };
}

/** An enlargement as far as it has come. */
export interface ShownEnlargement {
  about: Enlargement;
  result: TiledPicture;
  /** Null where the result is an interpolation itself. */
  bicubic: TiledPicture | null;
  done: number;
  secondsLeft: number | null;
  state: 'running' | 'done' | 'stopped';
}

/** Null until the host has told of it. */
export const file = signal<ShownFile | null>(null);
export const facts = signal<PictureFacts | null>(null);
/** What is drawn until the picture has come. */
export const thumbnail = signal<Thumbnail | undefined>(undefined);
/** Address of the picture, where `file` did not tell it. */
export const address = signal<string | null>(null);
export const histogram = signal<Histogram | null>(null);
/** Why the picture cannot be shown. */
export const broken = signal<string | null>(null);
export const choices = signal<readonly PreviewChoice[]>([]);
export const trusted = signal(true);
export const enlargement = signal<ShownEnlargement | null>(null);
/** What the last request, or the enlargement, failed with. */
export const problem = signal<string | null>(null);
/** Whether an enlargement was asked for of which nothing has come. */
export const opening = signal(false);

let turn = -1;
/** What is in sight, in pixels of the file. */
let sight: Region | null = null;

export const host = connect<PreviewPageContract>(windowTransport(), {
  file: (shown) => {
    file.value = shown;
    facts.value = null;
    thumbnail.value = undefined;
    address.value = null;
    histogram.value = null;
    broken.value = null;
    showAlone();
    askAgain();
  },
  choices: (told) => {
    choices.value = told.choices;
    trusted.value = told.trusted;
    askAgain();
  },
  facts: (told) => {
    if (told.version === file.value?.version) facts.value = told.facts;
  },
  thumbnail: ({ version, thumbnail: told, ...whole }) => {
    void Thumbnail.decode(`thumbnail:${version}`, told, whole).then((decoded) => {
      if (decoded && version === file.value?.version) thumbnail.value = decoded;
    });
  },
  picture: ({ version, uri }) => {
    if (version === file.value?.version) address.value = uri;
  },
  histogram: (told) => {
    if (told.version === file.value?.version) histogram.value = told.histogram;
  },
  broken: ({ message }) => {
    broken.value = message;
    showAlone();
  },
  enlargement: ({ version, enlargement: about }) => {
    turn = version;
    opening.value = false;
    const { width, height, engine, scale } = about;
    enlargement.value = {
      about,
      result: new TiledPicture(width, height),
      bicubic: engine === null ? null : new TiledPicture(width, height),
      done: 0,
      secondsLeft: null,
      state: 'running',
    };
    rescale(scale);
  },
  part: ({ version, part, done, secondsLeft }) => {
    const shown = enlargement.value;
    if (version !== turn || !shown) return;
    const { result, bicubic, ...place } = part;
    shown.result.add({ ...place, uri: result });
    if (bicubic !== null) shown.bicubic?.add({ ...place, uri: bicubic });
    enlargement.value = { ...shown, done, secondsLeft };
  },
  ended: ({ version, how }) => {
    opening.value = false;
    if (version === turn && enlargement.value) enlargement.value = { ...enlargement.value, state: how };
  },
  failed: ({ message }) => {
    opening.value = false;
    problem.value = message;
    if (enlargement.value) enlargement.value = { ...enlargement.value, state: 'stopped' };
  },
});

/** Does what a person asked for, and says why if it could not be done. */
export function attempt(asked: Promise<unknown>): void {
  problem.value = null;
  asked.catch((error: unknown) => {
    opening.value = false;
    problem.value = error instanceof Error ? error.message : String(error);
  });
}

/** Enlarges with another choice, or shows the file alone. */
export function choose(id: string | null): void {
  update({ choice: id });
  attempt(host.request('stop', {}));
  showAlone();
  askAgain();
}

export function chosen(): PreviewChoice | undefined {
  return choices.value.find(({ id }) => id === page.value.choice);
}

/** Tells the host what is looked at, so that it comes next. */
export function look(region: Region): void {
  sight = region;
  if (enlargement.peek()?.state === 'running') attempt(host.request('look', { view: region }));
}

/** Begins what was stopped anew. */
export function goOn(): void {
  showAlone();
  askAgain();
}

/** An enlargement lives as long as the process that makes it; a page that is shown again asks for it again. */
function askAgain(): void {
  const choice = chosen();
  if (!choice || file.value === null || broken.value !== null || enlargement.value !== null) return;
  if (opening.value) return;
  opening.value = true;
  const everything = { left: 0, top: 0, width: 0, height: 0 };
  attempt(
    host.request('enlarge', { enlarger: choice.enlarger, view: sight ?? everything }, { timeout: null }),
  );
}

function showAlone(): void {
  turn = -1;
  opening.value = false;
  enlargement.value = null;
  rescale(1);
}

/** The view stays where it was on the picture, though the scene has another number of pixels. */
function rescale(scale: number): void {
  const { stage, scale: before } = page.peek();
  if (scale === before) return;
  update({ scale, stage: { ...stage, view: rescaled(stage.view, scale / before) } });
}
