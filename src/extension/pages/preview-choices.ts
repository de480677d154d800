/** What a picture can be enlarged with: the kernels, and what this workspace has trained or imported. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { PreviewChoice } from '../../protocol/preview-page';
import { previewKernels } from '../../protocol/preview';
import type { LabIndex } from '../lab/lab-index';
import { describeModel, describeRun } from '../views/descriptions';

const KERNEL_SCALES = [2, 4] as const;

/** Models, then runs that have a checkpoint but no model yet, then kernels. */
export function enlargerChoices({ models, runs }: LabIndex): PreviewChoice[] {
  const generators = models.filter(({ content }) => 'ok' in content && content.ok.kind === 'generator');
  const covered = new Set(generators.map(({ folder }) => dirname(folder)));
  const trained = runs.filter(
    ({ folder, content }) => !covered.has(folder) && 'ok' in content && content.ok.status.step > 0,
  );
  const ofFolder = (name: string, folder: string, about: string): PreviewChoice => ({
    id: folder,
    label: name,
    detail: `${about} · ${vscode.workspace.asRelativePath(folder)}`,
    enlarger: { kind: 'model', folder },
  });
  return [
    ...generators.map((entry) => ofFolder(entry.name, entry.folder, describeModel(entry))),
    ...trained.map((entry) => ofFolder(entry.name, entry.folder, describeRun(entry))),
    ...KERNEL_SCALES.flatMap((scale) =>
      previewKernels.map((kernel) => ({
        id: `${kernel} ${scale}`,
        label: `${kernel} ×${scale}`,
        detail: 'interpolation, no model',
        enlarger: { kind: 'kernel' as const, kernel, scale },
      })),
    ),
  ];
}
