#!/usr/bin/env node
/** `srgan-lab`, the command line: everything that the extension can do, and what it starts to do it. */
import { availableParallelism } from 'node:os';
import packageJson from '../../package.json';
import { registerCompare } from './commands/compare';
import { registerCompareImages } from './commands/compare-images';
import { registerDataset } from './commands/dataset';
import { registerEngine } from './commands/engine';
import { registerEvaluate } from './commands/evaluate';
import { registerExport } from './commands/export';
import { registerImport } from './commands/import';
import { registerImresize } from './commands/imresize';
import { registerMetrics } from './commands/metrics';
import { registerPreview } from './commands/preview';
import { registerQueue } from './commands/queue';
import { registerResume } from './commands/resume';
import { registerStop } from './commands/stop';
import { registerSweep } from './commands/sweep';
import { registerTrain } from './commands/train';
import { registerTransfer } from './commands/transfer';
import { registerUpscale } from './commands/upscale';
import { registerWatch } from './commands/watch';
import { createProgram, runProgram } from './program';

// Image files are decoded and encoded on libuv's threads, which all workers share: four would keep a larger machine idle.
process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(4, availableParallelism()));

const program = createProgram(packageJson.version);

registerDataset(program);
registerTrain(program);
registerResume(program);
registerStop(program);
registerWatch(program);
registerQueue(program);
registerSweep(program);
registerCompare(program);
registerCompareImages(program);
registerUpscale(program);
registerPreview(program);
registerTransfer(program);
registerImresize(program);
registerMetrics(program);
registerEvaluate(program);
registerExport(program);
registerImport(program);
registerEngine(program);

void runProgram(program, process.argv.slice(2));
