/**
 * The live preview: whenever image, part or degradation has changed, the newest is asked for, and what comes late is
 * thrown away. LR as it is now is drawn once for each part, to be compared with.
 */
import { signal } from '@preact/signals';
import type {
  DatasetHeader,
  DatasetPageImage,
  DegradationPreview,
  PreviewCrop,
} from '../../../protocol/dataset-page';
import type { Degradation } from '../../../protocol/degradation';
import type { StagePicture } from '../../stage/panes';
import { host } from '../dataset-page-state';
import { sameDegradation } from './draft';

export interface PreviewWish {
  header: DatasetHeader;
  image: DatasetPageImage;
  crop: PreviewCrop;
  degradation: Degradation;
}

export interface ShownPreview {
  pictures: StagePicture[];
  /** What was drawn for this image, in words. */
  operations: readonly string[];
  /** From the change to the picture, in seconds. */
  seconds: number;
}

export const preview = signal<ShownPreview | null>(null);
export const previewProblem = signal<string | null>(null);
export const previewPending = signal(false);

/** A person who holds a key down changes a number many times; each would otherwise wait for the one before. */
const DEBOUNCE_MS = 40;
/** Addresses of pictures that may still be on the stage. */
const KEPT_ADDRESSES = 12;

let timer: ReturnType<typeof setTimeout> | undefined;
let turn = 0;
let now: { key: string; picture: DegradationPreview } | null = null;
const addresses: string[] = [];

/** Asks for this preview, a moment after the last call. */
export function wishPreview(wish: PreviewWish): void {
  clearTimeout(timer);
  const started = performance.now();
  timer = setTimeout(() => void draw(wish, started), DEBOUNCE_MS);
}

async function draw(wish: PreviewWish, started: number): Promise<void> {
  const mine = ++turn;
  previewPending.value = true;
  try {
    const edited = await ask(wish, wish.degradation);
    if (mine !== turn || edited === null) return;
    const seconds = (performance.now() - started) / 1000;
    show(edited, nowOf(wish), seconds);
    if (sameDegradation(wish.degradation, wish.header.degradation) || nowOf(wish) !== null) return;
    const before = await ask(wish, wish.header.degradation);
    if (mine !== turn || before === null) return;
    now = { key: keyOf(wish), picture: before };
    show(edited, before, seconds);
  } catch (error) {
    if (mine === turn) previewProblem.value = error instanceof Error ? error.message : String(error);
  } finally {
    if (mine === turn) previewPending.value = false;
  }
}

function ask({ image, crop }: PreviewWish, degradation: Degradation): Promise<DegradationPreview | null> {
  const { name, sha256 } = image;
  return host.request('preview', { name, sha256, crop, degradation });
}

function keyOf({ header, image, crop }: PreviewWish): string {
  return JSON.stringify([image.name, image.version, crop, header.degradation]);
}

function nowOf(wish: PreviewWish): DegradationPreview | null {
  if (sameDegradation(wish.degradation, wish.header.degradation)) return null;
  return now?.key === keyOf(wish) ? now.picture : null;
}

function show(edited: DegradationPreview, before: DegradationPreview | null, seconds: number): void {
  previewProblem.value = null;
  preview.value = {
    pictures: [
      ...(before === null ? [] : [picture('now', 'LR now', 'lr', before.lr)]),
      picture('edited', before === null ? 'LR' : 'LR edited', 'lr', edited.lr),
      picture('hr', `HR ${edited.width}×${edited.height}`, 'hr', edited.hr),
    ],
    operations: edited.operations,
    seconds,
  };
}

function picture(id: string, label: string, role: StagePicture['role'], base64: string): StagePicture {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const uri = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
  addresses.push(uri);
  while (addresses.length > KEPT_ADDRESSES) URL.revokeObjectURL(addresses.shift()!);
  return { id, label, role, uri };
}
