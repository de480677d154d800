/** What the Engine Doctor's page knows, given by the host; it keeps nothing of its own. */
import { signal } from '@preact/signals';
import type { EngineRemedy } from '../../protocol/engine-report';
import type { EnginesPageContract, EnginesSnapshot } from '../../protocol/pages';
import { connect } from '../kit/connection';
import { windowTransport } from '../kit/vscode-api';

/** Null until the host has spoken. */
export const snapshot = signal<EnginesSnapshot | null>(null);
/** What the last action failed with. */
export const problem = signal<string | null>(null);
/** Said to screen readers, and beside the button, after a copy. */
export const copied = signal(false);

const host = connect<EnginesPageContract>(windowTransport(), {
  snapshot: (told) => {
    snapshot.value = told;
    copied.value = false;
  },
});

async function attempt(action: Promise<unknown>): Promise<boolean> {
  problem.value = null;
  try {
    await action;
    return true;
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
    return false;
  }
}

export function measure(): void {
  void attempt(host.request('measure', {}));
}

export function stop(): void {
  void attempt(host.request('stop', {}));
}

export function carryOut(remedy: EngineRemedy): void {
  void attempt(host.request('remedy', { remedy }, { timeout: null }));
}

export async function copy(): Promise<void> {
  copied.value = await attempt(host.request('copy', {}));
}
