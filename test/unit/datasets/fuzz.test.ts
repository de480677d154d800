/**
 * Damaged files of every format: each is read, or there is a sentence that says why not; none crashes its worker or hangs
 * it. `SRGAN_LAB_TEST_FUZZ` is how many files are tried instead of the few that are in every run, and
 * `SRGAN_LAB_TEST_FUZZ_SEED` makes them others.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { before, describe, it } from 'mocha';
import { completeDegradation } from '../../../src/datasets/degrade';
import type { DatasetJob, DatasetResults } from '../../../src/datasets/worker-jobs';
import { runOnWorkers } from '../../../src/datasets/worker-pool';
import { bundlePath } from '../../../src/folders/installation';
import { imageCorpus } from '../../support/image-corpus';
import { lehmer } from '../../support/lehmer';
import { mutate } from '../../support/mutate';
import { temporaryFolders } from '../../support/temporary-folder';

const total = Number(process.env['SRGAN_LAB_TEST_FUZZ'] ?? 320);
const seed = Number(process.env['SRGAN_LAB_TEST_FUZZ_SEED'] ?? 1);
/** Files that are tried at a time, so that a long run does not fill the disk. */
const portion = 2000;

describe('damaged files', () => {
  const makeFolder = temporaryFolders();
  const random = lehmer(seed);
  let corpus: [name: string, file: Buffer][];
  let slowest = { seconds: 0, file: '' };

  before(async () => {
    corpus = await imageCorpus();
  });

  function plant(folder: string, files: readonly [name: string, file: Buffer][]): string[] {
    return files.map(([name, file], index) => {
      const path = join(folder, `${index} ${name}`);
      writeFileSync(path, file);
      return path;
    });
  }

  /** Why each file is left out, or null where it can be used. */
  async function read(paths: readonly string[]): Promise<(string | null)[]> {
    const recipe = { scale: 2 as const, degradation: completeDegradation() };
    const started: number[] = [];
    const jobs = {
      length: paths.length,
      at: (index: number): DatasetJob => {
        started[index] = performance.now();
        return { kind: 'probe', source: paths[index]!, recipe };
      },
    };
    const results = await runOnWorkers<DatasetResults['probe']>(bundlePath('dataset-worker.js'), jobs, {
      count: availableParallelism(),
      timeLimit: 120_000,
      onResult: (_, index) => {
        const seconds = (performance.now() - started[index]!) / 1000;
        if (seconds > slowest.seconds) slowest = { seconds, file: basename(paths[index]!) };
        return Promise.resolve();
      },
      onLost: (reason, index) => {
        const kept = process.env['SRGAN_LAB_TEST_FUZZ_KEEP'];
        if (kept !== undefined) {
          mkdirSync(kept, { recursive: true });
          copyFileSync(paths[index]!, join(kept, paths[index]!.replace(/.*[\\/]/, '')));
        }
        return { kind: 'left-out', reason: `${paths[index]}: ${reason}` };
      },
    });
    return results.map((result) => (result.kind === 'left-out' ? result.reason : null));
  }

  it('are made of files that can be read', async () => {
    assert.deepEqual(
      await read(plant(makeFolder(), corpus)),
      corpus.map(() => null),
    );
  });

  it(`are each read or reported (${total} of them)`, async function () {
    // A file that hangs is ended by the pool and told below: this limit is for the number of files on a busy machine.
    this.timeout(120_000 + total * 1000);
    let unread = 0;
    for (let first = 0; first < total; first += portion) {
      const files = Array.from({ length: Math.min(portion, total - first) }, (_, i): [string, Buffer] => {
        const [name, file] = corpus[i % corpus.length]!;
        return [name, mutate(file, corpus[random(corpus.length)]![1], random)];
      });
      const reasons = (await read(plant(makeFolder(), files))).filter((reason) => reason !== null);
      for (const reason of reasons) {
        assert.doesNotMatch(reason, /process that worked on it|took longer/);
        assert.match(reason, /^[A-Z].*\.$/s, 'a sentence');
      }
      unread += reasons.length;
    }
    if (total > 1000) console.log(`      slowest: ${slowest.file}, ${slowest.seconds.toFixed(1)} s`);
    assert.ok(unread > total / 4 && unread < total, `${unread} of ${total} could not be read`);
  });
});
