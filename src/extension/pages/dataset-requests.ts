/** What the buttons of the data set page do: everything that changes files is done by the command line. */
import { join, resolve, sep } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { readDatasetFile } from '../../folders/dataset-folder';
import { LabError } from '../../folders/lab-error';
import { cropSchema, degradationSchema, placeSpelling } from '../../protocol/dataset-file';
import type { DatasetPageContract, SourceName } from '../../protocol/dataset-page';
import { checkDatasetResultSchema, repairDatasetResultSchema } from '../../protocol/progress';
import type { CommandId } from '../command-ids';
import { revealFolder } from '../commands/open-commands';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { markerPath } from '../lab/entries';
import { Cancelled } from '../process/command-line';
import { applyDegradation } from './apply-degradation';
import { drawPreview } from './dataset-preview';
import type { DatasetWorks } from './dataset-work';
import { openAsText } from './open-page';
import type { SampleServer } from './sample-server';
import { fileName, saveBeside } from './save-file';
import { withList } from './scratch-file';
import type { RequestHandlers } from './webview-host';

const nothing = z.strictObject({});
const sourceName = { root: z.int().min(0), source: z.string().min(1) };
const names = z.array(z.string().min(1)).min(1);
const side = z.int().min(1);
const offset = z.int().min(0);
/** What the command says of its work is not needed: the page sees the files. */
const anyResult = z.looseObject({});

export interface DatasetPageParts {
  lab: Lab;
  folder: string;
  works: DatasetWorks;
  previews: SampleServer;
}

export function datasetRequests(parts: DatasetPageParts): RequestHandlers<DatasetPageContract> {
  const { lab, folder, works, previews } = parts;
  const marker = vscode.Uri.file(markerPath('dataset', folder));
  const startTraining: CommandId = 'srganLab.startTraining';
  /** A command on this folder. A person who stops it knows that they did. */
  const run = async (title: string, ...args: string[]): Promise<void> => {
    requireTrust('Changing a data set');
    try {
      await works.run(folder, title, { args: ['dataset', ...args], result: anyResult });
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    } finally {
      void lab.index.refresh();
    }
  };
  return {
    startTraining: {
      parameters: nothing,
      handle: () => {
        // Answered at once: the questions that follow may stay open for long.
        void vscode.commands.executeCommand(startTraining, marker);
      },
    },
    openAsText: { parameters: nothing, handle: () => openAsText('dataset', folder) },
    revealFolder: { parameters: nothing, handle: () => revealFolder(marker) },
    openSource: {
      parameters: z.strictObject(sourceName),
      handle: (source) => openSource(folder, source),
    },
    check: {
      parameters: nothing,
      handle: async () => {
        requireTrust('Checking a data set');
        const { problems } = await works.run(folder, 'Checking the files', {
          args: ['dataset', 'check', folder],
          result: checkDatasetResultSchema,
          // Bad news is a result, too.
          acceptedCodes: [0, 1],
        });
        return { problems };
      },
    },
    repair: {
      parameters: nothing,
      handle: async () => {
        requireTrust('Changing a data set');
        await works.run(folder, 'Repairing the files', {
          args: ['dataset', 'repair', folder],
          result: repairDatasetResultSchema,
          // What could not be mended is found again by the check that follows.
          acceptedCodes: [0, 1],
        });
      },
    },
    update: { parameters: nothing, handle: () => run('Updating the data set', 'update', folder) },
    analyse: { parameters: nothing, handle: () => run('Analysing the images', 'analyse', folder) },
    leaveOut: {
      parameters: z.strictObject({ names }),
      handle: ({ names: chosen }) =>
        withList(chosen, (args) => run('Leaving images out', 'leave-out', folder, ...args)),
    },
    putBack: {
      parameters: z.strictObject({
        images: z.array(z.strictObject({ ...sourceName, crop: cropSchema.optional() })).min(1),
      }),
      handle: ({ images }) =>
        withList(
          images.map(({ source, crop }) => (crop === undefined ? source : placeSpelling(source, crop))),
          (args) => run('Putting images back', 'leave-out', folder, '--undo', ...args),
        ),
    },
    stopWork: {
      parameters: nothing,
      handle: () => {
        works.stop(folder);
      },
    },
    preview: {
      parameters: z.strictObject({
        name: z.string().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        crop: z.strictObject({ left: offset, top: offset, width: side, height: side }),
        degradation: degradationSchema,
      }),
      handle: (request) => drawPreview(folder, previews, request),
    },
    applyDegradation: {
      parameters: z.strictObject({ degradation: degradationSchema }),
      handle: ({ degradation }) => applyDegradation(lab, works, folder, degradation),
    },
    saveText: {
      parameters: z.strictObject({ name: fileName, text: z.string() }),
      handle: ({ name, text }) => saveBeside(folder, name, Buffer.from(text, 'utf8')),
    },
    savePicture: {
      parameters: z.strictObject({ name: fileName, base64: z.base64() }),
      handle: ({ name, base64 }) => saveBeside(folder, name, Buffer.from(base64, 'base64')),
    },
  };
}

/** Opens the file that an image was made from, in the root that the page names, and nowhere else. */
async function openSource(folder: string, { root, source }: SourceName): Promise<void> {
  const base = (await readDatasetFile(folder)).roots[root];
  if (base === undefined) throw new LabError(`The data set has no folder ${root + 1}.`);
  const path = join(base, source);
  if (!resolve(path).startsWith(resolve(base) + sep))
    throw new LabError(`${source} leads out of its folder ${base}; it is not opened.`);
  const uri = vscode.Uri.file(path);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    throw new LabError(`${path} is gone. The data set keeps its own copy and is not affected.`);
  }
  await vscode.commands.executeCommand('vscode.open', uri);
}
