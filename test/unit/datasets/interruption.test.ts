/**
 * Making a data set, stopped at any moment: by a killed process, a full disk, a torn line. It goes on from what is there,
 * and what comes of it is what would have come of it undisturbed, byte by byte.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { createDataset, updateDataset, type CreateDatasetOptions } from '../../../src/datasets/create';
import { JOURNAL_FILE } from '../../../src/folders/building-journal';
import { BUILD_LEASE_FILE, readBuilder, type BuildLease } from '../../../src/folders/build-lease';
import {
  readDataset,
  readDatasetFile,
  withoutContents,
  writeDatasetFile,
} from '../../../src/folders/dataset-folder';
import { bundlePath } from '../../../src/folders/installation';
import { LabError } from '../../../src/folders/lab-error';
import { processStart } from '../../../src/folders/process-identity';
import { DATASET_FILE, IMAGES_FILE } from '../../../src/protocol/dataset-file';
import type { Progress } from '../../../src/protocol/progress';
import { assertAsNew, assertSameTree } from '../../support/dataset-trees';
import { png } from '../../support/image-files';
import { enlargeDisk, onSmallDisk } from '../../support/small-disk';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant } from '../../support/trees';

/** How often the test of random moments kills; `SRGAN_LAB_TEST_KILLS=100` for the full count. */
const kills = Number(process.env['SRGAN_LAB_TEST_KILLS'] ?? 4);

describe('making a data set, interrupted', () => {
  const makeFolder = temporaryFolders();

  async function places(
    count: number,
  ): Promise<{ from: string; out: string; options: CreateDatasetOptions }> {
    const folder = makeFolder();
    const [from, out] = [join(folder, 'from'), join(folder, 'out')];
    const seeds = Array.from({ length: count }, (_, index) => index + 1);
    await plant(from, Object.fromEntries(seeds.map((seed) => [`${seed}.png`, png(60 + seed, 64, seed)])));
    return { from, out, options: { folder: out, from: [from], scale: 2, workers: 2 } };
  }

  /** Makes `options` until so many images are done. */
  async function makePart(options: CreateDatasetOptions, images: number): Promise<void> {
    const controller = new AbortController();
    const onProgress = ({ message, done }: Progress): void => {
      if (message === 'Making the data set' && done === images) controller.abort();
    };
    const making = createDataset({ ...options, workers: 1 }, { onProgress, signal: controller.signal });
    await assert.rejects(making, { name: 'LabError', message: /^Interrupted/ });
  }

  /** Runs the command line, and kills it after so many milliseconds; resolves to whether it was still running. */
  async function runAndKill(args: readonly string[], milliseconds: number): Promise<boolean> {
    const child = spawn(process.execPath, [bundlePath('cli.js'), ...args], { stdio: 'ignore' });
    const closed = once(child, 'close');
    await Promise.race([delay(milliseconds), closed]);
    child.kill('SIGKILL');
    const [, signal] = (await closed) as [number | null, NodeJS.Signals | null];
    return signal === 'SIGKILL';
  }

  it(`goes on after kill -9 at ${kills} random moments`, async function () {
    this.timeout(60_000 + kills * 30_000);
    const { from, out, options } = await places(8);
    const args = ['--scale', '2', '--workers', '2'];
    const begun = performance.now();
    assert.equal(
      await runAndKill(['dataset', 'create', `${out}-whole`, '--from', from, ...args], 60_000),
      false,
    );
    const whole = performance.now() - begun;
    for (let round = 1; round <= kills; round++) {
      const command = existsSync(join(out, DATASET_FILE))
        ? ['dataset', 'update', out, '--workers', '2']
        : ['dataset', 'create', out, '--from', from, ...args];
      const moment = whole * Math.random();
      await runAndKill(command, moment);
      const where = `round ${round}, killed after ${Math.round(moment)} ms`;
      if (existsSync(join(out, DATASET_FILE))) {
        // Readable at any time: whole, or said not to be.
        const header = await readDatasetFile(out);
        if (header.contents === undefined)
          await assert.rejects(readDataset(out), { name: 'LabError', message: /not complete/ }, where);
        else assert.equal((await readDataset(out)).contents.sha256, header.contents.sha256, where);
      }
      if (round % 2 === 0) {
        if (existsSync(join(out, DATASET_FILE))) await updateDataset(out);
        else await createDataset(options);
        rmSync(`${out}-anew`, { recursive: true, force: true });
        await assertAsNew(out, options);
        // The next rounds are an update of a data set that is there.
        await plant(from, { [`new-${round}.png`]: png(60, 70, 100 + round), '1.png': png(60, 71, round) });
        rmSync(join(from, `new-${round - 2}.png`), { force: true });
        renameSync(join(from, '2.png'), join(from, '3.png'));
        cpSync(join(from, '4.png'), join(from, '2.png'));
      }
    }
  });

  it('goes on when it was stopped by a full disk', async function () {
    const { out, options } = await places(6);
    await onSmallDisk(
      this,
      makeFolder(),
      async (disk) => {
        const folder = join(disk, 'out');
        await assert.rejects(createDataset({ ...options, folder, workers: 1 }), (error: Error) => {
          assert.ok(error instanceof LabError);
          assert.match(error.message, /The disk is full\. Free some space and try again\. Continue with/);
          return true;
        });
        assert.equal((await readDatasetFile(folder)).contents, undefined);
        assert.equal(await readBuilder(folder), undefined);
        enlargeDisk(disk, 1024);
        const { changes } = await createDataset({ ...options, folder });
        assert.ok(changes.kept > 0 && changes.made > 0, JSON.stringify(changes));
        await createDataset(options);
        assertSameTree(folder, out);
      },
      80,
    );
  });

  it('passes over torn and damaged lines of the journal', async () => {
    const { out, options } = await places(5);
    await makePart(options, 3);
    const journal = join(out, JOURNAL_FILE);
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(
      journal,
      [lines[0], 'no JSON', '{"kind":"made","images":7}', lines[1]!.slice(0, 40)].join('\n'),
    );
    await makePart(options, 2);
    assert.ok(readFileSync(journal, 'utf8').startsWith([lines[0], 'no JSON'].join('\n')), 'it is added to');
    appendFileSync(journal, lines[1]!.slice(0, 40));
    const { changes } = await createDataset(options);
    assert.deepEqual([changes.kept, changes.made], [3, 2]);
    assert.deepEqual(readdirSync(out).sort(), [DATASET_FILE, 'hr', IMAGES_FILE, 'lr'].sort());
    await assertAsNew(out, options);
  });

  it('does not believe the journal where a picture or a source has changed meanwhile', async () => {
    const { from, out, options } = await places(4);
    await makePart(options, 4);
    writeFileSync(join(out, 'hr', '1.png'), readFileSync(join(out, 'hr', '2.png')));
    rmSync(join(out, 'lr', '2.png'));
    await plant(from, { '3.png': png(66, 66, 33) });
    const { changes } = await createDataset(options);
    assert.deepEqual([changes.kept, changes.made], [1, 3]);
    await assertAsNew(out, options);
  });

  it('keeps what an interrupted change of the recipe has not touched, also when it is taken back', async () => {
    const { out, options } = await places(4);
    await createDataset(options);
    const controller = new AbortController();
    const onProgress = ({ message, done }: Progress): void => {
      if (message === 'Making the data set' && done === 2) controller.abort();
    };
    const work = { onProgress, signal: controller.signal };
    await assert.rejects(
      updateDataset(out, { degradation: { kernel: 'box' }, exclude: ['1.png'], workers: 1 }, work),
      LabError,
    );
    assert.equal((await readDatasetFile(out)).degradation.kernel, 'box');
    const { changes } = await updateDataset(out, { degradation: {}, exclude: [] });
    assert.deepEqual(changes, { made: 4 - changes.kept, kept: changes.kept, renamed: 0, removed: 0 });
    assert.equal(changes.kept, 2, 'two of the four pictures are those of before');
    await assertAsNew(out, options);
  });

  it('goes on from between the last steps: the list is there, the header and the journal are not yet', async () => {
    const { out, options } = await places(3);
    await createDataset(options);
    const header = await readDatasetFile(out);
    const [journal, key] = [join(out, JOURNAL_FILE), { kind: 'list', sha256: header.contents!.sha256 }];
    await makePart({ ...options, folder: `${out}-other` }, 1);
    const line = JSON.parse(
      readFileSync(join(`${out}-other`, JOURNAL_FILE), 'utf8').split('\n')[0]!,
    ) as object;
    assert.ok('key' in line);
    await writeDatasetFile(out, withoutContents(header));
    writeFileSync(journal, `${JSON.stringify({ ...key, key: line.key })}\n`);
    assert.deepEqual((await updateDataset(out)).changes, { made: 0, kept: 3, renamed: 0, removed: 0 });
    await assertAsNew(out, options);

    writeFileSync(journal, 'left behind');
    await updateDataset(out);
    assert.equal(existsSync(journal), false);
  });

  it('is done by one process at a time', async () => {
    const { out, options } = await places(4);
    const both = await Promise.allSettled([createDataset(options), createDataset(options)]);
    const refused = both.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    assert.equal(refused.length, 1);
    assert.match(
      refused[0]!.message,
      new RegExp(`being made or changed by another process already \\(${process.pid}\\)`),
    );
    await assertAsNew(out, options);
  });

  it('takes over from a process that is gone, and not from one that may live on another machine', async () => {
    const { out, options } = await places(1);
    await createDataset(options);
    const lease: BuildLease = {
      format: 1,
      pid: process.pid,
      processStarted: 'before this one',
      host: hostname(),
      heartbeat: Date.now(),
    };
    const write = (change: Partial<BuildLease>): void => {
      writeFileSync(join(out, BUILD_LEASE_FILE), JSON.stringify({ ...lease, ...change }));
    };
    write({});
    await updateDataset(out);
    write({ processStarted: processStart(process.pid)! });
    await assert.rejects(updateDataset(out), { name: 'LabError', message: /another process already/ });
    write({ host: 'elsewhere' });
    await assert.rejects(updateDataset(out), { name: 'LabError', message: /on the machine elsewhere/ });
    write({ host: 'elsewhere', heartbeat: Date.now() - 3_600_000 });
    await updateDataset(out);
    assert.equal(existsSync(join(out, BUILD_LEASE_FILE)), false);
  });
});
