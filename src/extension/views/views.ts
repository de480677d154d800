/** The three views of the activity bar: data sets, runs and models. */
import * as vscode from 'vscode';
import type { CommandId } from '../command-ids';
import { isResumable, isWaiting } from '../commands/stop-training';
import type { DatasetEntry, ModelEntry, RunEntry } from '../lab/entries';
import type { LabIndex } from '../lab/lab-index';
import { degradationInWords } from '../../protocol/degradation-words';
import type { AnyModelCard } from '../../protocol/model-card';
import type { RunStatus } from '../../protocol/pages';
import { countOf } from '../../protocol/quantities';
import {
  describeDataset,
  describeEngine,
  describeGain,
  describeModel,
  describeRun,
  describeState,
} from './descriptions';
import { partsOfRun } from './run-parts';
import { createTreeView, tooltip } from './tree-view';

/** Shows the views, and keeps the context keys that their welcome texts and menus depend on. */
export function createViews(index: LabIndex): vscode.Disposable {
  return vscode.Disposable.from(
    createTreeView(index, { id: 'srganLab.datasets', entries: () => index.datasets, item: datasetItem }),
    createTreeView(index, {
      id: 'srganLab.runs',
      entries: () => index.runs,
      item: runItem,
      parts: partsOfRun,
      selectMany: true,
    }),
    createTreeView(index, { id: 'srganLab.models', entries: () => index.models, item: modelItem }),
    index.onDidChange(() => {
      setContext('hasDatasets', index.datasets.length > 0);
      setContext('hasRuns', index.runs.length > 0);
      setContext(
        'hasRunning',
        index.runs.some((run) => run.running),
      );
      setContext('hasWaiting', index.runs.some(isWaiting));
      setContext('hasResumable', index.runs.some(isResumable));
    }),
  );
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', `srganLab.${key}`, value);
}

function open(command: CommandId, entry: DatasetEntry | RunEntry | ModelEntry): vscode.Command {
  return { command, title: 'Open', arguments: [entry] };
}

function place(folder: string): string {
  return vscode.workspace.asRelativePath(folder);
}

export function datasetItem(entry: DatasetEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.name);
  item.id = entry.folder;
  item.description = describeDataset(entry);
  item.command = open('srganLab.openDataset', entry);
  const { content } = entry;
  if ('problem' in content) return damaged(item, 'dataset.damaged', entry.name, content.problem);
  item.iconPath = new vscode.ThemeIcon('file-media');
  item.contextValue = 'dataset';
  const { contents } = content.ok;
  item.tooltip = tooltip(entry.name, [
    contents === undefined
      ? 'Incomplete: it is being made, or that was interrupted'
      : `${countOf(contents.train, 'image')} to train on, ${countOf(contents.validation, 'image')} held out for validation`,
    `LR is HR shrunk ×${content.ok.scale}: ${degradationInWords(content.ok.degradation)}`,
    place(entry.folder),
  ]);
  return item;
}

const runIcons: Record<RunStatus['state'], vscode.ThemeIcon> = {
  new: new vscode.ThemeIcon('circle-large-outline'),
  running: new vscode.ThemeIcon('loading~spin'),
  finished: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  stopped: new vscode.ThemeIcon('debug-pause'),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground')),
  crashed: new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground')),
  elsewhere: new vscode.ThemeIcon('remote'),
};

export function runItem(entry: RunEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.name);
  item.id = entry.folder;
  item.description = describeRun(entry);
  item.command = open('srganLab.openRun', entry);
  const { content } = entry;
  if ('problem' in content) return damaged(item, 'run.damaged', entry.name, content.problem);
  const { status, gains, configuration } = content.ok;
  item.iconPath = runIcons[status.state];
  if (status.state !== 'new') item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  if (isWaiting(entry)) item.iconPath = new vscode.ThemeIcon('clock');
  if (status.suspended) item.iconPath = new vscode.ThemeIcon('debug-pause');
  item.contextValue = isWaiting(entry)
    ? 'run.running.waiting'
    : isResumable(entry)
      ? 'run.resumable'
      : `run.${status.state}`;
  item.tooltip = tooltip(entry.name, [
    `${describeState(status)}: ${status.message}`,
    ...gains.map(describeGain),
    `preset ${configuration.preset}, ×${configuration.scale}`,
    ...(status.engine === '' ? [] : [describeEngine(status)]),
    place(entry.folder),
  ]);
  return item;
}

export function modelItem(entry: ModelEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.name);
  item.id = entry.folder;
  item.description = describeModel(entry);
  item.command = open('srganLab.openConfiguration', entry);
  const { content } = entry;
  if ('problem' in content) return damaged(item, 'model.damaged', entry.name, content.problem);
  item.iconPath = new vscode.ThemeIcon('package');
  item.contextValue = content.ok.kind === 'generator' ? 'model' : `model.${content.ok.kind}`;
  item.tooltip = tooltip(entry.name, [...modelDetails(content.ok), place(entry.folder)]);
  return item;
}

/** What there is to say of a model: where it comes from, and its scores. */
function modelDetails(card: AnyModelCard): string[] {
  if (card.kind === 'classifier') {
    const { classes, score, from, trainedOn } = card;
    return [
      `from ${from}, trained on ${trainedOn}`,
      `${classes.length} classes, ${(100 * score.test).toFixed(1)} % of ${countOf(score.images, 'test image')}`,
    ];
  }
  const { importedFrom, trainedOn } = card;
  const imported = importedFrom === undefined ? [] : [`imported from ${importedFrom}`];
  if (card.kind === 'content') return [...imported, `VGG19, ${countOf(card.layers.length, 'convolution')}`];
  if (card.kind === 'discriminator') {
    const { layers, patch } = card.discriminator;
    return [...imported, `${countOf(layers.length, 'convolution')}, judges patches of ${patch}×${patch}`];
  }
  const { score, steps, stage } = card;
  return [
    ...(steps === undefined || stage === undefined
      ? imported
      : [`trained on ${trainedOn}, ${countOf(steps, 'step')}, ${stage} stage`]),
    ...(score === undefined
      ? []
      : [
          `PSNR ${score.model.psnr.toFixed(2)} dB (bicubic ${score.bicubic.psnr.toFixed(2)} dB), SSIM ${score.model.ssim.toFixed(4)} (${score.bicubic.ssim.toFixed(4)}), ${countOf(score.images, 'image')}`,
        ]),
  ];
}

function damaged(
  item: vscode.TreeItem,
  contextValue: string,
  name: string,
  problem: string,
): vscode.TreeItem {
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = contextValue;
  item.tooltip = tooltip(name, [problem]);
  return item;
}
