/**
 * Screenshots of the pages without VS Code, for whoever changes them:
 * `npx tsx test/support/page-harness/look.ts OUT PHOTO… [-- SCRIPT THEME WIDTH [KEYS]]…`
 * builds the pages, shows each trial in themes and widths, and prints everything that the browser complains about.
 */
import * as esbuild from 'esbuild';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { bundles } from '../../../scripts/build/bundles';
import { findBrowser } from '../../../scripts/lib/browser';
import { ensureVscode } from '../../../scripts/lib/ensure-vscode';
import { recordSnapshot } from '../record-snapshot';
import { serveHarness, type HarnessOptions } from './server';
import { trialComparison } from './trial-comparison';
import { trialDataset } from './trial-dataset';
import { trialPreview } from './trial-preview';
import { firstExamination, trialEngines } from './trial-engines';
import { trialImages, trialMeasurements } from './trial-images';
import { trialPicture } from './trial-picture';
import { trialRun } from './trial-run';
import { trialTransfers } from './trial-transfer';

export async function trialScripts(photos: string[], files: string): Promise<HarnessOptions['scripts']> {
  await mkdir(files, { recursive: true });
  const run = await trialRun(photos.slice(0, 3), files, { steps: 1270, state: 'running' });
  const message =
    'The folder /home/somebody/lab/runs/photos-quick is gone. It may have been moved or deleted.';
  const early = {
    ...run,
    record: recordSnapshot([]),
    samples: [],
    status: { ...run.status, step: 0, phase: 'starting' },
  };
  const finished = await trialRun(photos.slice(0, 3), files, { steps: 1350, state: 'finished' });
  const failed = {
    ...run,
    status: {
      ...run.status,
      state: 'failed' as const,
      secondsLeft: null,
      message:
        'The disk is full: checkpoints/step-001200 could not be written. Free some space, then resume.',
    },
  };
  const killed = {
    ...run,
    status: {
      ...run.status,
      state: 'crashed' as const,
      cause: 'memory' as const,
      secondsLeft: null,
      message:
        'Out of memory: the trainer was killed at step 1,270. In run.srgan.json lower `data.batch` (now 16), `data.patch` (now 96) or `generator.channels` (now 64), or close other programs. Then resume; it goes on from the last checkpoint.',
    },
  };
  // As good as bicubic, to some hundred-thousandths: what a generator with a skip connection begins as.
  const first = {
    ...run,
    record: recordSnapshot([
      ...run.record.recent.slice(0, 3).map((line, index) => ({ ...line, step: index + 1 })),
      ...run.record.validations.slice(0, 1).map((line) => ({
        ...line,
        step: 0,
        model: { psnr: line.bicubic.psnr + 2e-5, ssim: line.bicubic.ssim + 1e-6 },
      })),
    ]),
    samples: [],
    status: { ...run.status, step: 3 },
  };
  const snapshot = (payload: unknown): { name: string; payload: unknown }[] => [
    { name: 'snapshot', payload },
  ];
  const transfers = await trialTransfers(photos, files);
  return {
    run: { page: 'run', events: snapshot(run) },
    early: { page: 'run', events: snapshot(early) },
    finished: { page: 'run', events: snapshot(finished) },
    failed: { page: 'run', events: snapshot(failed) },
    killed: { page: 'run', events: snapshot(killed) },
    first: { page: 'run', events: snapshot(first) },
    broken: { page: 'run', events: [{ name: 'broken', payload: { message } }] },
    dataset: { page: 'dataset', events: await trialDataset(photos, files, { images: 1200 }) },
    'large-dataset': { page: 'dataset', events: await trialDataset(photos, files, { images: 100_000 }) },
    'incomplete-dataset': {
      page: 'dataset',
      events: await trialDataset(photos, files, { images: 0, complete: false }),
    },
    ...Object.fromEntries(
      [0, 1, 2, 3, 12].map((runs) => [
        `compare-${runs}`,
        { page: 'compare' as const, events: trialComparison(finished, runs) },
      ]),
    ),
    'compare-images': { page: 'compare-images', events: await trialImages(photos[0]!, files, 5) },
    'compare-images-2': { page: 'compare-images', events: await trialImages(photos[0]!, files, 2) },
    'compare-images-broken': {
      page: 'compare-images',
      events: await trialImages(photos[0]!, files, 3, 'broken'),
    },
    'compare-images-restricted': {
      page: 'compare-images',
      events: await trialImages(photos[0]!, files, 3, 'restricted'),
    },
    preview: { page: 'preview', events: await trialPicture(photos[0]!, files, 0) },
    'preview-enlarging': { page: 'preview', events: await trialPicture(photos[0]!, files, 12) },
    'preview-enlarged': { page: 'preview', events: await trialPicture(photos[0]!, files) },
    'preview-broken': {
      page: 'preview',
      events: [
        {
          name: 'broken',
          payload: {
            message:
              '/home/somebody/photos/scan.tif: The image is damaged or cut short (TIFF directory is missing). Get a complete copy, or open it and save it again.',
          },
        },
      ],
    },
    ...Object.fromEntries(
      Object.entries(transfers).map(([name, transfer]) => [
        `transfer-${name}`,
        { page: 'transfer' as const, events: snapshot(transfer) },
      ]),
    ),
    engines: { page: 'engines', events: snapshot(trialEngines) },
    examining: { page: 'engines', events: snapshot(firstExamination) },
  };
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const groups = args
    .join('\0')
    .split('\0--\0')
    .map((group) => group.split('\0'));
  const [out, ...photos] = groups[0]!.map((path) => resolve(path));
  const shots = groups.slice(1);
  const webviews = join(out!, 'webviews');
  const pages = bundles({ production: false }, false).filter(({ platform }) => platform === 'browser');
  for (const page of pages) await esbuild.build({ ...page, outdir: webviews });
  const files = join(out!, 'files');
  const { origin, server } = await serveHarness({
    webviews,
    files,
    scripts: await trialScripts(photos, files),
    preview: (parameters) => trialPreview(files, parameters),
    answers: trialMeasurements(files),
  });
  const program = await findBrowser(await ensureVscode());
  const browser = await chromium.launch({
    executablePath: program.executable,
    env: { ...process.env, ...program.env },
    chromiumSandbox: process.getuid?.() !== 0,
  });
  for (const [index, [script, theme, width, ...keys]] of shots.entries()) {
    const page = await browser.newPage({ viewport: { width: Number(width), height: 900 } });
    page.on('console', (message) => {
      console.log(`${script}: ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => {
      console.log(`${script}: ${String(error.stack)}`);
    });
    await page.goto(`${origin}/${script}?theme=${theme}`);
    await page.waitForTimeout(700);
    if (keys.length > 0) await page.locator('.stage-area').focus();
    for (const key of keys) {
      if (key.startsWith('@')) await page.locator(key.slice(1)).first().click({ timeout: 4000 });
      else if (key.startsWith('at:')) {
        const [x, y] = key.slice(3).split(',').map(Number);
        await page.mouse.move(x!, y!);
      } else if (key.startsWith('hover:')) await page.locator(key.slice(6)).first().hover({ timeout: 4000 });
      else await page.keyboard.press(key);
      await page.waitForTimeout(200);
    }
    const whole = !keys.includes('End') && keys.length === 0;
    await page.screenshot({ path: join(out!, `${index}-${script}-${theme}-${width}.png`), fullPage: whole });
    await page.close();
  }
  await browser.close();
  server.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
