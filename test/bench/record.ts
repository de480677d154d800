/**
 * The record of a run at a scale that takes weeks to reach: a file as the trainer writes it, read as the extension host reads
 * it, and shown by the run page itself in a browser. Says how long a person waits, and for how long nothing moves.
 */
import { appendFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/lib/browser';
import { ensureVscode } from '../../scripts/lib/ensure-vscode';
import { inProject } from '../../scripts/lib/project';
import { DIGEST_FILE } from '../../src/folders/run-record/digest-file';
import { readSteps } from '../../src/folders/run-record/read-steps';
import { RecordReader } from '../../src/folders/run-record/record-reader';
import { MOST_BUCKETS, snapshotOf } from '../../src/folders/run-record/snapshot';
import { METRICS_FILE, type StepLine } from '../../src/protocol/metrics';
import type { RunSnapshot } from '../../src/protocol/pages';
import { encodeBuckets } from '../../src/protocol/record/record-snapshot';
import { longRecord, writeLongRecord } from '../support/long-record';
import { serveHarness } from '../support/page-harness/server';
import { trialConfiguration } from '../support/page-harness/trial-run';
import { tasksDuring } from './browser-tasks';
import { formatMegabytes, formatSeconds } from './statistics';

const UPDATES = 40;
const FRAME_MS = 1000 / 60;
const viewport = { width: 1400, height: 900 };

const say = (what: string, figure: string): void => {
  console.log(`${what.padEnd(100)} ${figure}`);
};

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  // The timer of the histogram is late only once the event loop has had its turn.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  say(what, `${formatSeconds(seconds)}, at most ${formatSeconds(delay.max / 1e9)} at a stretch`);
  return result;
}

export async function benchRecord(steps: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'srgan-lab-record-'));
  try {
    const pixelSteps = Math.round(0.2 * steps);
    await writeLongRecord(folder, { steps, pixelSteps, every: 1000 });
    say(
      `metrics.jsonl of ${steps.toLocaleString('en')} steps`,
      formatMegabytes(await sizeOf(folder, METRICS_FILE)),
    );

    await timed('first sight of it without a digest (its newest part)', () =>
      new RecordReader(folder).read(),
    );
    await timed('digest made by another process, meanwhile', () => new RecordReader(folder).readWhole());
    say('metrics.digest', formatMegabytes(await sizeOf(folder, DIGEST_FILE)));

    const reader = new RecordReader(folder);
    const reading = await timed('opened with its digest', () => reader.read());
    const record = snapshotOf(reading);
    const narrow = { from: Math.round(0.5 * steps), to: Math.round(0.5 * steps) + 5000 };
    await timed('5,000 steps in the middle, one by one', () =>
      readSteps(folder, reading.digest, narrow.from, narrow.to, MOST_BUCKETS),
    );
    const newest = lastStep(steps, pixelSteps);
    appendFileSync(join(folder, METRICS_FILE), `${JSON.stringify({ ...newest, step: steps + 1 })}\n`);
    await timed('read again with one line more', () => reader.read());
    say('message to the page', formatMegabytes(JSON.stringify(record).length));

    const snapshot = snapshotWith(record, steps, pixelSteps);
    const { origin, server } = await serveHarness({
      webviews: inProject('dist', 'webviews'),
      files: folder,
      scripts: { run: { page: 'run', events: [{ name: 'snapshot', payload: snapshot }] } },
      answers: {
        readSteps: async (parameters) => {
          const { from, to } = parameters as { from: number; to: number };
          return encodeBuckets(await readSteps(folder, reading.digest, from, to, MOST_BUCKETS));
        },
      },
    });
    const browser = await openBrowser();
    try {
      await measurePage(browser, `${origin}/run?theme=dark`, newest);
    } finally {
      await browser.close();
      server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In the page, as text: functions would be rewritten on their way there, and its policy allows no others. */
const helpers = `
  window.frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  window.inView = () => [...document.querySelectorAll('.chart')].filter((chart) => chart.getBoundingClientRect().top < innerHeight);
  window.until = async (condition) => {
    while (!condition()) await frame();
    await frame();
    return performance.now();
  };`;

/** How long from the address to all charts in view, then what an update and a zoom cost. */
async function measurePage(browser: Browser, address: string, newest: StepLine): Promise<void> {
  const page = await browser.newPage({ viewport });
  page.on('pageerror', (error) => {
    console.error(error);
  });
  await page.addInitScript(helpers);
  const opening = await tasksDuring(browser, async () => {
    await page.goto(address);
    const shown = await page.evaluate<number>(
      `until(() => inView().length > 0 && inView().every((chart) => chart.querySelector('canvas')))`,
    );
    say('page, from its address to its charts', formatSeconds(shown / 1000));
    await page.waitForTimeout(1000);
  });
  sayTasks('tasks of the page while it opens', opening);

  const updates = await tasksDuring(browser, async () => {
    for (let index = 1; index <= UPDATES; index++) {
      const line = { ...newest, step: newest.step + 1 + index, time: newest.time + 200 * index };
      const message = JSON.stringify({ type: 'event', name: 'lines', payload: [line] });
      await page.evaluate(`window.postMessage(${message})`);
      await page.waitForTimeout(200);
    }
  });
  sayTasks(`tasks of the page in ${UPDATES} updates`, updates);

  const zooming = await tasksDuring(browser, () => zoom(page));
  sayTasks('tasks of the page while a stretch is zoomed to', zooming);
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  say('memory of the page’s scripts', formatMegabytes(usedSize));
  await page.close();
}

/** Drags over a fiftieth of the first chart, and waits for the steps in it. */
async function zoom(page: Page): Promise<void> {
  const box = await page.locator('.chart-plot .u-over').first().boundingBox();
  if (box === null) throw new Error('There is no chart to zoom into.');
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.52 * box.width, box.y + 30, { steps: 3 });
  await page.mouse.up();
  await page.evaluate(`until(() => window.requests.some(({ name }) => name === 'readSteps'))`);
  await page.waitForTimeout(1000);
}

/** Of processor time: a frame is 16.7 ms, and one that a task takes longer than is dropped. */
function sayTasks(what: string, tasks: readonly number[]): void {
  const sum = tasks.reduce((total, task) => total + task, 0);
  const late = tasks.filter((task) => task > FRAME_MS).length;
  say(
    `${what}, processor time: the longest, all, and how many over a frame`,
    `${(tasks[0] ?? 0).toFixed(1)} ms, ${sum.toFixed(0)} ms, ${late}`,
  );
}

function lastStep(steps: number, pixelSteps: number): StepLine {
  let last: StepLine | undefined;
  for (const line of longRecord({ steps: 2, pixelSteps: Math.min(1, pixelSteps), every: 10 })) {
    if (line.kind === 'step') last = line;
  }
  return { ...last!, step: steps, time: last!.time + 200 * steps };
}

function snapshotWith(record: RunSnapshot['record'], steps: number, pixelSteps: number): RunSnapshot {
  const configuration = trialConfiguration();
  const [pixel, adversarial] = configuration.stages;
  return {
    folder: '/home/somebody/lab/runs/long',
    configuration: {
      ...configuration,
      stages: [
        { ...pixel!, steps: pixelSteps },
        { ...adversarial!, steps: 2 * steps - pixelSteps },
      ],
    },
    datasetName: 'photos',
    status: {
      state: 'running',
      message: 'Training.',
      phase: 'training',
      engine: 'embedded',
      device: 'CPU',
      step: steps,
      totalSteps: 2 * steps,
      secondsPerStep: 0.2,
      secondsLeft: 0.2 * steps,
    },
    record,
    samples: [],
    crops: [],
    evaluations: [],
  };
}

async function sizeOf(folder: string, name: string): Promise<number> {
  return (await stat(join(folder, name))).size;
}

async function openBrowser(): Promise<Browser> {
  const program = await findBrowser(await ensureVscode());
  return chromium.launch({
    executablePath: program.executable,
    env: { ...process.env, ...program.env },
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
