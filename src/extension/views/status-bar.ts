/** The status bar item: what trains now, how far it is and how long it will take. There is none while nothing runs. */
import * as vscode from 'vscode';
import type { CommandId } from '../command-ids';
import { isWaiting } from '../commands/stop-training';
import type { RunEntry } from '../lab/entries';
import type { LabIndex } from '../lab/lab-index';
import { countOf, formatCount, formatDuration, ordinal } from '../../protocol/quantities';
import { describeEngine, describeProgress } from './descriptions';
import { tooltip } from './tree-view';

const openRun: CommandId = 'srganLab.openRun';

export function createStatusBarItem(index: LabIndex): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('srganLab.running', vscode.StatusBarAlignment.Left, 10);
  item.name = 'SRGAN Lab';
  const subscription = index.onDidChange(() => {
    const running = index.runs.filter((run) => run.running);
    const [first] = running;
    if (first === undefined) {
      item.hide();
      return;
    }
    item.text = `$(loading~spin) ${running.length === 1 ? textOf(first) : summaryOf(running)}`;
    item.tooltip = tooltip(running.length === 1 ? first.name : summaryOf(running), running.flatMap(linesOf));
    item.accessibilityInformation = {
      label: `Training: ${running.map(spokenOf).join('; ')}`,
      role: 'button',
    };
    const argument = running.length === 1 ? [{ folder: first.folder }] : [];
    item.command = { command: openRun, title: 'Open Run', arguments: argument };
    item.show();
  });
  return vscode.Disposable.from(subscription, item);
}

/** `first 312/1,350 · 3 min · embedded (CPU)`; the tooltip has the device in full. */
export function textOf({ name, content }: RunEntry): string {
  if ('problem' in content) return name;
  const { phase, step, totalSteps, secondsLeft, engine, device, queue, suspended } = content.ok.status;
  if (suspended) return `${name} suspended`;
  if (queue !== undefined) return `${name} waits, ${ordinal(queue.position)} in line`;
  if (['starting', 'waiting', 'stopping'].includes(phase)) return `${name} ${phase}`;
  const left = secondsLeft === null ? '' : ` · ${formatDuration(secondsLeft)}`;
  const by = engine === '' ? '' : ` · ${engine} (${/^\w*/.exec(device)![0]})`;
  return `${name} ${formatCount(step)}/${formatCount(totalSteps)}${left}${by}`;
}

/** `2 runs training`, `1 run training, 3 waiting`. */
export function summaryOf(running: readonly RunEntry[]): string {
  const waiting = running.filter(isWaiting).length;
  const training = running.length - waiting;
  const parts = [
    ...(training > 0 ? [`${countOf(training, 'run')} training`] : []),
    ...(waiting > 0 ? [`${training > 0 ? formatCount(waiting) : countOf(waiting, 'run')} waiting`] : []),
  ];
  return parts.join(', ');
}

function linesOf({ name, content }: RunEntry): string[] {
  if ('problem' in content) return [];
  const { status } = content.ok;
  const engine = status.engine === '' ? [] : [describeEngine(status)];
  return [`${name}: ${describeProgress(status)}`, ...engine, status.message];
}

function spokenOf(run: RunEntry): string {
  const device = 'ok' in run.content ? run.content.ok.status.device : '';
  return device === '' ? textOf(run) : `${textOf(run)}, ${device}`;
}
