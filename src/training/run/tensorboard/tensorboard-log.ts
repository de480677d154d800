/**
 * The record of a run once more, as event files for TensorBoard: what goes into `metrics.jsonl` goes here as well. Every
 * start of the trainer begins a new file, because these files cannot be cut back to a checkpoint; it says from which step
 * on the earlier ones no longer hold.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { explainFileError } from '../../../folders/lab-error';
import { samplePaths } from '../../../folders/sample-pictures';
import type { MetricsLine, StepLine, ValidationLine } from '../../../protocol/metrics';
import type { MetricsLog } from '../metrics-log';
import { makeSubfolder } from '../subfolder';
import { startRecord, summaryRecord, versionRecord, type Picture, type Summary } from './event-file';

export const TENSORBOARD_FOLDER = 'tensorboard';

/**
 * A log that writes each line into `metrics` and into an event file of the run, which goes on from `step`.
 * Throws a `LabError` if the file cannot be written.
 */
export async function withTensorBoard(metrics: MetricsLog, run: string, step: number): Promise<MetricsLog> {
  const folder = join(run, TENSORBOARD_FOLDER);
  await makeSubfolder(folder);
  const now = Date.now();
  const seconds = String(Math.floor(now / 1000)).padStart(10, '0');
  const path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}`);
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw explainFileError('write', path, error);
    }
  };
  const file = guarded(() => openSync(path, 'a'));
  const write = (bytes: Buffer): void => {
    guarded(() => {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    });
  };
  write(versionRecord(now));
  if (step > 0) write(startRecord(now, step + 1));
  return {
    linesAtStart: metrics.linesAtStart,
    append: (line) => {
      metrics.append(line);
      const summary = summaryOf(line, run);
      if (summary !== undefined) write(summaryRecord(line.time, line.step, summary));
    },
    sync: () => {
      metrics.sync();
      guarded(() => {
        fsyncSync(file);
      });
    },
    close: () => {
      metrics.close();
      closeSync(file);
    },
  };
}

function summaryOf(line: MetricsLine, run: string): Summary | undefined {
  switch (line.kind) {
    case 'step':
      return { scalars: scalarsOfStep(line) };
    case 'validation':
      return { scalars: scalarsOfValidation(line), pictures: line.sampled ? picturesOf(line, run) : [] };
    case 'event':
      return undefined;
  }
}

function scalarsOfStep({ generator, discriminator, learningRate, ...line }: StepLine): Summary['scalars'] {
  const losses = (network: string, terms: object): [string, number][] =>
    Object.entries(terms).map(([term, loss]: [string, number | null]) => [`${network}/${term}`, loss ?? NaN]);
  return [
    ...losses('generator', generator),
    ...losses('discriminator', discriminator ?? {}),
    ['training/learningRate', learningRate],
    ['training/seconds', line.seconds],
    ['training/feedSeconds', line.feedSeconds],
  ];
}

function scalarsOfValidation({ extent, model, bicubic }: ValidationLine): Summary['scalars'] {
  const group = extent === 'crop' ? 'validation' : 'validation on whole images';
  return [
    [`${group}/psnr`, model.psnr],
    [`${group}/ssim`, model.ssim],
    [`${group}/psnr of bicubic`, bicubic.psnr],
    [`${group}/ssim of bicubic`, bicubic.ssim],
  ];
}

function picturesOf({ step, images }: ValidationLine, run: string): Picture[] {
  return images.map(({ name }) => {
    const path = samplePaths.sr(run, step, name);
    const png = readPicture(path);
    return { tag: name, width: png.readUInt32BE(16), height: png.readUInt32BE(20), png };
  });
}

function readPicture(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw explainFileError('read', path, error);
  }
}
