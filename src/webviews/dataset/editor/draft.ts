/**
 * A degradation while it is edited: as open as what people type, until the schema of the file has checked it. Every change
 * gives a new draft. Pure.
 */
import { degradationSchema, type Degradation } from '../../../protocol/degradation';

/** A stage with whatever values its fields hold now. */
export interface DraftStage {
  type: string;
  [field: string]: unknown;
}

export interface DraftOption {
  weight: unknown;
  stages: DraftStage[];
}

export interface Draft {
  kernel: string;
  convention: string;
  antialias: boolean;
  seed: unknown;
  stages: DraftStage[];
}

export function draftOf({ kernel, convention, antialias, seed = 0, stages = [] }: Degradation): Draft {
  return { kernel, convention, antialias, seed, stages: stages.map((stage) => ({ ...stage })) };
}

/** What a page has kept, if it still looks like a draft; its values are checked like any others. */
export function isDraft(value: unknown): value is Draft {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stages' in value &&
    Array.isArray(value.stages) &&
    value.stages.every((stage: unknown) => typeof stage === 'object' && stage !== null && 'type' in stage)
  );
}

export interface CheckedDraft {
  /** Null where something is wrong. */
  degradation: Degradation | null;
  /** What is wrong, by its place: `stages.0.sigma`. */
  problems: ReadonlyMap<string, string>;
}

/** Holds the draft against the schema of `dataset.srgan.json`. */
export function checkDraft({ stages, seed, ...rest }: Draft): CheckedDraft {
  const result = degradationSchema.safeParse(stages.length === 0 ? rest : { ...rest, stages, seed });
  if (result.success) return { degradation: result.data, problems: new Map() };
  const problems = new Map<string, string>();
  for (const { path, message } of result.error.issues) {
    const place = path.map(String);
    // The end of a range is told at its field, which has both.
    const field = /^\d+$/.test(place.at(-1) ?? '') && place.length > 2 ? place.slice(0, -1) : place;
    const key = field.join('.');
    if (!problems.has(key)) problems.set(key, message);
  }
  return { degradation: null, problems };
}

/** Whether both make the same LR images. */
export function sameDegradation(a: Degradation, b: Degradation): boolean {
  return JSON.stringify(draftOf(a)) === JSON.stringify(draftOf(b));
}

export function replaceAt<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((old, at) => (at === index ? item : old));
}

export function removeAt<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}

/** The same list where it would leave it. */
export function moveBy<T>(list: readonly T[], index: number, by: number): T[] {
  const to = index + by;
  const item = list[index];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = removeAt(list, index);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** The options of a `choose` stage, as far as they are there. */
export function optionsOf(stage: DraftStage): DraftOption[] {
  const { options } = stage;
  if (!Array.isArray(options)) return [];
  return options.filter(isOption);
}

function isOption(value: unknown): value is DraftOption {
  return typeof value === 'object' && value !== null && 'weight' in value && isDraft(value);
}
