/**
 * Tells a person that a run has ended, if they are not looking at its page. Only runs that were seen running are told of, so
 * that opening a window does not bring up old news.
 */
import * as vscode from 'vscode';
import type { RunStatus } from '../protocol/pages';
import type { RunEntry } from './lab/entries';
import type { LabIndex } from './lab/lab-index';
import type { OpenPages } from './pages/open-pages';
import { openPage } from './pages/open-page';
import { notifiesWhenRunEnds } from './settings';
import { formatGain } from '../protocol/quantities';

export function notifyOfEndedRuns(index: LabIndex, openPages: OpenPages): vscode.Disposable {
  let running = new Set<string>();
  return index.onDidChange(() => {
    for (const run of index.runs) {
      if (!running.has(run.folder) || 'problem' in run.content) continue;
      const { status } = run.content.ok;
      if (notifiesWhenRunEnds() && isNews(status) && !openPages.isVisible(run.folder)) void tell(run, status);
    }
    running = new Set(index.runs.filter((run) => run.running).map(({ folder }) => folder));
  });
}

/** A stop is no news: somebody asked for it. */
function isNews({ state }: RunStatus): boolean {
  return state === 'finished' || state === 'failed' || state === 'crashed';
}

async function tell(run: RunEntry, status: RunStatus): Promise<void> {
  const button = 'Open';
  const choice =
    status.state === 'finished'
      ? await vscode.window.showInformationMessage(`The run ${run.name} has finished${gainOf(run)}.`, button)
      : await vscode.window.showErrorMessage(
          `The run ${run.name} ${status.state === 'failed' ? 'failed' : 'died'}: ${status.message}`,
          button,
        );
  if (choice === button) await openPage('run', run.folder);
}

function gainOf({ content }: RunEntry): string {
  const gain = 'ok' in content ? content.ok.gains.at(-1) : undefined;
  return gain === undefined ? '' : `: ${formatGain(gain.decibels)} over bicubic (PSNR)`;
}
