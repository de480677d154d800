/** How the dataset page looks, kept while it is hidden; what it knows of the data set, given by the host. */
import { signal } from '@preact/signals';
import type { DatasetPageContract, DatasetSnapshot } from '../../protocol/pages';
import { connect } from '../kit/connection';
import { pageState } from '../kit/page-state';
import { windowTransport } from '../kit/vscode-api';
import { initialStageState, type StageState } from '../stage/stage-state';
import type { SplitFilter } from './images';

interface DatasetPageState {
  stage: StageState;
  /** Name of the image on the stage; null is the first. */
  image: string | null;
  split: SplitFilter;
  search: string;
}

export const page = pageState<DatasetPageState>({
  stage: initialStageState,
  image: null,
  split: 'all',
  search: '',
});

/** Null until the first snapshot. */
export const dataset = signal<DatasetSnapshot | null>(null);
export const broken = signal<string | null>(null);
export const problem = signal<string | null>(null);

export type CheckResult = ReturnType<DatasetPageContract['requests']['check']>;
/** `running` while files are being checked; null before. */
export const check = signal<CheckResult | 'running' | null>(null);

const host = connect<DatasetPageContract>(windowTransport(), {
  snapshot: (snapshot) => {
    broken.value = null;
    dataset.value = snapshot;
  },
  broken: ({ message }) => {
    broken.value = message;
  },
});

type PlainRequest = 'startTraining' | 'openAsText' | 'revealFolder';

async function attempt<T>(action: Promise<T>): Promise<T | null> {
  problem.value = null;
  try {
    return await action;
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
    return null;
  }
}

/** A person may have to answer a dialog, so there is no timeout. */
export function perform(request: PlainRequest): void {
  void attempt(host.request(request, {}, { timeout: null }));
}

export function openSource(root: number, source: string): void {
  void attempt(host.request('openSource', { root, source }));
}

/** Reads every file again and compares hashes: as long as that takes. */
export async function checkFiles(): Promise<void> {
  check.value = 'running';
  check.value = await attempt(host.request('check', {}, { timeout: null }));
}
