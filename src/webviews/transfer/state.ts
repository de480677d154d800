/** What the transfer page knows, given by the host. */
import { signal } from '@preact/signals';
import type { TransferPageContract, TransferSnapshot } from '../../protocol/transfer-page';
import type { SaveFile } from '../chart/chart-actions';
import { connect } from '../kit/connection';
import { windowTransport } from '../kit/vscode-api';

/** Null until the host has spoken. */
export const snapshot = signal<TransferSnapshot | null>(null);
/** Why the folder cannot be shown. */
export const broken = signal<string | null>(null);
/** What the last action failed with. */
export const problem = signal<string | null>(null);

const host = connect<TransferPageContract>(windowTransport(), {
  snapshot: (told) => {
    snapshot.value = told;
    broken.value = null;
  },
  broken: ({ message }) => {
    broken.value = message;
  },
});

async function attempt(action: Promise<unknown>): Promise<void> {
  problem.value = null;
  try {
    await action;
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

export function openConfiguration(): void {
  void attempt(host.request('openConfiguration', {}));
}

export function revealFolder(): void {
  void attempt(host.request('revealFolder', {}));
}

/** Hands files to the host, which asks where to put them. */
export const save: SaveFile = {
  text: (name, text) => void attempt(host.request('saveText', { name, text }, { timeout: null })),
  picture: (name, base64) => void attempt(host.request('savePicture', { name, base64 }, { timeout: null })),
  failed: (what, error) => {
    problem.value = `Could not ${what}: ${error instanceof Error ? error.message : String(error)}`;
  },
};
