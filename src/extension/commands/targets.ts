/**
 * What a command acts on. It may be called from a tree, from the explorer, with a page in front, by a key binding with
 * arguments, or from the palette with nothing; each of these ends in a folder here.
 */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { RemediableError, type Remedy } from '../errors';
import { isEntry, markerFiles, type Entry, type EntryKind } from '../lab/entries';
import type { LabIndex } from '../lab/lab-index';
import { pickOne } from '../prompts/pick';
import { describeDataset, describeModel, describeRun } from '../views/descriptions';

/** Argument of commands on one folder: `{ "folder": "/home/ada/runs/first" }`. */
const folderArgument = z.strictObject({ folder: z.string().min(1) });

/**
 * Whether a command was called by a program or a key binding, with an object of arguments. Such a call asks nothing, and its
 * errors are thrown to the caller instead of shown.
 */
export function isCall(argument: unknown): argument is Record<string, unknown> {
  return (
    typeof argument === 'object' && argument !== null && Object.getPrototypeOf(argument) === Object.prototype
  );
}

/** Checks the arguments of a call; the error names the keys that are wrong. */
export function parseCall<T>(schema: z.ZodType<T>, argument: unknown): T {
  const result = schema.safeParse(argument);
  if (result.success) return result.data;
  throw new LabError(`These arguments cannot be used. ${z.prettifyError(result.error)}`);
}

export interface PickOptions {
  readonly placeholder: string;
  /** Which entries are offered; all by default. */
  readonly filter?: (entry: Entry) => boolean;
  /** Said when there is nothing to choose from, with what to do. */
  readonly none: string;
  readonly remedy?: Remedy;
}

/** The folder of this kind that `argument` means, or the page in front shows, or the person picks. */
export async function targetFolder(
  index: LabIndex,
  kind: EntryKind,
  argument: unknown,
  options: PickOptions,
): Promise<string> {
  const given = givenFolder(argument) ?? activePageFolder(kind);
  return given ?? pickFolder(index, kind, options);
}

/** The folder that `argument` names by itself, of whatever kind. */
export function givenFolder(argument: unknown): string | undefined {
  if (isEntry(argument)) return argument.folder;
  if (argument instanceof vscode.Uri) return folderOf(argument);
  if (isCall(argument)) return parseCall(folderArgument, argument).folder;
  return undefined;
}

/** A marker file stands for its folder. */
export function folderOf(uri: vscode.Uri): string {
  const name = basename(uri.fsPath);
  return Object.values(markerFiles).includes(name) ? dirname(uri.fsPath) : uri.fsPath;
}

/** The folder whose page is in front, if it is a page of that kind. */
export function activePageFolder(kind: EntryKind): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom && input.viewType === `srganLab.${kind}`
    ? dirname(input.uri.fsPath)
    : undefined;
}

async function pickFolder(
  index: LabIndex,
  kind: EntryKind,
  { placeholder, filter = () => true, none, remedy }: PickOptions,
): Promise<string> {
  await index.refresh();
  const entries = entriesOf(index, kind).filter(filter);
  if (entries.length === 0) {
    throw remedy === undefined ? new LabError(none) : new RemediableError(none, [remedy]);
  }
  const choices = entries.map((entry) => ({
    label: entry.name,
    description: describe(entry),
    detail: vscode.workspace.asRelativePath(entry.folder),
    folder: entry.folder,
  }));
  return (await pickOne(choices, { placeHolder: placeholder, matchOnDetail: true })).folder;
}

function entriesOf(index: LabIndex, kind: EntryKind): readonly Entry[] {
  switch (kind) {
    case 'dataset':
      return index.datasets;
    case 'run':
      return index.runs;
    case 'model':
      return index.models;
  }
}

function describe(entry: Entry): string {
  switch (entry.kind) {
    case 'dataset':
      return describeDataset(entry);
    case 'run':
      return describeRun(entry);
    case 'model':
      return describeModel(entry);
  }
}
