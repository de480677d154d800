/** Exporting: the files of one format, how to use them, and a card that says what they are, as a folder of their own. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { besides, syncFolder, writeFileAtomically, writeJsonAtomically } from '../../folders/atomic-write';
import { explainFileError, LabError } from '../../folders/lab-error';
import {
  EXPORT_CARD_FILE,
  type ExportablePart,
  type ExportCard,
  type ExportFormat,
  type ExportResult,
} from '../../protocol/exported-model';
import type { ExportedFile } from './exported-file';
import { loadExportSource, type ExportSource } from './export-source';
import { exportKeras, KERAS_FILE } from './keras/keras-h5';
import { exportOnnx, ONNX_FILE } from './onnx/onnx';
import { exportPyTorch, PYTORCH_FILE } from './pytorch/pytorch';
import { exportTfjs, TFJS_MODEL_FILE } from './tfjs';
import { pageUsage } from './usage/page';
import { pythonUsage } from './usage/python';
import { readme } from './usage/readme';

export interface ExportOptions {
  /** Folder of a model or a run. */
  readonly source: string;
  readonly what: ExportablePart;
  readonly format: ExportFormat;
  /** Folder to make. */
  readonly out: string;
  /** Licence of the images it was trained on, for the card. */
  readonly licence?: string | undefined;
  /** Whether an earlier export in `out` may be replaced. */
  readonly overwrite?: boolean | undefined;
}

const PLAIN_PREPROCESSING = 'An 8-bit image is divided by 255; there is nothing else to do.';
const UNKNOWN_LICENCE = 'not recorded; ask whoever made the data set before you pass the model on.';

/** Writes the export, all of it or nothing. Throws a `LabError` where the folder is taken or there is nothing to export. */
export async function exportModel({
  source,
  what,
  format,
  out,
  licence: given,
  overwrite = false,
}: ExportOptions): Promise<ExportResult> {
  refuseTakenFolder(out, overwrite);
  const loaded = await loadExportSource(source, what);
  const files = await filesOf(loaded, format);
  const licence = given ?? loaded.about.licence ?? UNKNOWN_LICENCE;
  const card = cardOf(loaded, { what, format, licence });
  const usage: ExportedFile =
    format === 'tfjs'
      ? { name: 'use.html', content: pageUsage(card) }
      : { name: 'use.py', content: pythonUsage(card, format) };
  const names = [...files, usage].map(({ name }) => name);
  const all = [...files, usage, { name: 'README.md', content: readme(card, names) }];
  await writeFolder(out, all, card);
  return { folder: out, what, format, file: join(out, card.file), files: all.map(({ name }) => name) };
}

function refuseTakenFolder(out: string, overwrite: boolean): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  const earlier = existsSync(join(out, EXPORT_CARD_FILE));
  if (earlier && overwrite) return;
  throw new LabError(
    earlier
      ? `${out} holds an export already. Add --overwrite to replace it, or choose another folder with --out.`
      : `${out} has something else in it. Choose a new folder with --out.`,
  );
}

function filesOf(
  { exportable, description }: ExportSource,
  format: ExportFormat,
): ExportedFile[] | Promise<ExportedFile[]> {
  switch (format) {
    case 'tfjs':
      return exportTfjs(exportable, description);
    case 'keras':
      return exportKeras(exportable, description);
    case 'onnx':
      return exportOnnx(exportable, description);
    case 'safetensors':
      return exportPyTorch(exportable, description);
  }
}

const mainFiles: Record<ExportFormat, string> = {
  tfjs: TFJS_MODEL_FILE,
  keras: KERAS_FILE,
  onnx: ONNX_FILE,
  safetensors: PYTORCH_FILE,
};

function cardOf(
  { about, exportable, description, output, preprocessing = PLAIN_PREPROCESSING }: ExportSource,
  { what, format, licence }: { what: ExportablePart; format: ExportFormat; licence: string },
): ExportCard {
  return {
    format: 1,
    ...about,
    what,
    exported: new Date().toISOString(),
    file: mainFiles[format],
    fileFormat: format,
    input: {
      layout: format === 'tfjs' || format === 'keras' ? 'NHWC' : 'NCHW',
      colours: 'RGB',
      range: [0, 1],
      size: exportable.side ?? 'any',
      preprocessing,
    },
    output,
    ...(description !== undefined && { network: description }),
    licence,
  };
}

async function writeFolder(out: string, files: readonly ExportedFile[], card: ExportCard): Promise<void> {
  const partial = besides(out);
  try {
    await mkdir(dirname(out), { recursive: true });
    await mkdir(partial);
    for (const { name, content } of files) await writeFileAtomically(join(partial, name), content);
    await writeJsonAtomically(join(partial, EXPORT_CARD_FILE), card);
    await rm(out, { recursive: true, force: true });
    await rename(partial, out);
    await syncFolder(dirname(out));
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError('write the export', out, error);
  }
}
