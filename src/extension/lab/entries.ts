/**
 * What a workspace holds, as the views show it: data sets, runs and models. An entry whose file cannot be read stays in the
 * list with the problem in words, because a person must be able to find and repair it.
 */
import { basename, join } from 'node:path';
import type { RunSummary } from '../../folders/run-reader';
import { DATASET_FILE, type DatasetFile } from '../../protocol/dataset-file';
import { CARD_FILE, type AnyModelCard } from '../../protocol/model-card';
import { RUN_FILE } from '../../protocol/run-configuration';

export type Content<T> = { readonly ok: T } | { readonly problem: string };

export class DatasetEntry {
  readonly kind = 'dataset';
  constructor(
    readonly folder: string,
    readonly content: Content<DatasetFile>,
  ) {}

  get name(): string {
    return 'ok' in this.content ? this.content.ok.name : basename(this.folder);
  }
}

export class RunEntry {
  readonly kind = 'run';
  constructor(
    readonly folder: string,
    readonly content: Content<RunSummary>,
  ) {}

  get name(): string {
    return 'ok' in this.content ? this.content.ok.configuration.name : basename(this.folder);
  }

  get running(): boolean {
    return 'ok' in this.content && this.content.ok.status.state === 'running';
  }
}

export class ModelEntry {
  readonly kind = 'model';
  constructor(
    readonly folder: string,
    readonly content: Content<AnyModelCard>,
  ) {}

  get name(): string {
    return 'ok' in this.content ? this.content.ok.name : basename(this.folder);
  }
}

export type Entry = DatasetEntry | RunEntry | ModelEntry;
export type EntryKind = Entry['kind'];

/** The file that marks each kind of folder. */
export const markerFiles: Record<EntryKind, string> = {
  dataset: DATASET_FILE,
  run: RUN_FILE,
  model: CARD_FILE,
};

export function markerPath(kind: EntryKind, folder: string): string {
  return join(folder, markerFiles[kind]);
}

export function isEntry(value: unknown): value is Entry {
  return value instanceof DatasetEntry || value instanceof RunEntry || value instanceof ModelEntry;
}
