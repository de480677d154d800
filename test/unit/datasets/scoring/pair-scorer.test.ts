/** Scoring on threads: the bits of one thread, and nothing that stays behind. */
import assert from 'node:assert/strict';
import { buildSync } from 'esbuild';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { PairScorer } from '../../../../src/datasets/scoring/pair-scorer';
import { ScoreThreads } from '../../../../src/datasets/scoring/score-threads';
import { colourProtocols } from '../../../../src/imaging/protocols';
import { scoreByProtocol } from '../../../../src/imaging/score-by-protocol';
import { comparedOf, scoringParts, sumPart, type PartSums } from '../../../../src/imaging/scoring-parts';
import { makeImage } from '../../../support/pictures';
import { temporaryFolders } from '../../../support/temporary-folder';

/** Threads of this process, which only Linux tells; elsewhere there is nothing to compare. */
function threadsAlive(): number | undefined {
  return existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : undefined;
}

describe('scoring a pair on threads', function () {
  this.timeout(120_000);
  const makeFolder = temporaryFolders();

  /** The thread, bundled from source: no build is needed. */
  function bundled(): string {
    const outfile = join(makeFolder(), 'score-worker.js');
    buildSync({
      entryPoints: [join(__dirname, '../../../../src/datasets/scoring/score-worker.ts')],
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      outfile,
    });
    return outfile;
  }

  it('gives the bits of one thread for any number of them, odd sizes and borders', async () => {
    const workerFile = bundled();
    for (const threads of [1, 2, 3]) {
      const scorer = new PairScorer({ threads, pixelsAThread: 1, workerFile });
      for (const [width, height, border] of [
        [301, 457, 0],
        [512, 203, 3],
        [37, 29, 4],
        [640, 480, 0],
      ] as const) {
        const [sr, hr] = [makeImage(width, height, 1), makeImage(width, height, 2)];
        for (const protocol of colourProtocols) {
          assert.deepEqual(
            await scorer.score(sr, hr, protocol, border),
            scoreByProtocol(sr, hr, protocol, border),
            `${threads} threads, ${width}×${height}, ${protocol}`,
          );
        }
      }
      await scorer.dispose();
    }
  });

  it('scores pairs that are asked for at the same time one after the other', async () => {
    const scorer = new PairScorer({ threads: 2, pixelsAThread: 1, workerFile: bundled() });
    const images = [1, 2, 3, 4].map((seed) => makeImage(200 + seed, 190, seed));
    const expected = images.map((image) => scoreByProtocol(image, makeImage(image.width, 190, 9), 'y', 0));
    const found = await Promise.all(
      images.map((image) => scorer.score(image, makeImage(image.width, 190, 9), 'y', 0)),
    );
    assert.deepEqual(found, expected);
    await scorer.dispose();
  });

  it('starts no thread for small pictures or on one core, and ends those that it has started', async () => {
    const [sr, hr] = [makeImage(300, 200, 1), makeImage(300, 200, 2)];
    const missing = join(makeFolder(), 'missing.js');
    for (const options of [
      { threads: 4, pixelsAThread: 30_001 },
      { threads: 1, pixelsAThread: 1 },
    ]) {
      const scorer = new PairScorer({ ...options, workerFile: missing });
      scorer.expect(sr);
      assert.deepEqual(await scorer.score(sr, hr, 'y', 0), scoreByProtocol(sr, hr, 'y', 0));
      await scorer.dispose();
    }
    const before = threadsAlive();
    const scorer = new PairScorer({ threads: 3, pixelsAThread: 1, workerFile: bundled() });
    await scorer.score(sr, hr, 'y', 0);
    await scorer.dispose();
    assert.equal(threadsAlive(), before);
  });

  it('starts more threads for a larger picture', async () => {
    const scorer = new PairScorer({ threads: 3, pixelsAThread: 20_000, workerFile: bundled() });
    for (const width of [200, 300, 100]) {
      const [sr, hr] = [makeImage(width, 200, 1), makeImage(width, 200, 2)];
      const before = threadsAlive();
      assert.deepEqual(await scorer.score(sr, hr, 'rgb', 0), scoreByProtocol(sr, hr, 'rgb', 0));
      if (before !== undefined) assert.equal(threadsAlive()! - before, width === 100 ? 0 : 1);
    }
    await scorer.dispose();
  });

  it('refuses what cannot be scored, and goes on with the next pair', async () => {
    const scorer = new PairScorer({ threads: 2, pixelsAThread: 1, workerFile: bundled() });
    const [image, other] = [makeImage(200, 190, 1), makeImage(200, 190, 2)];
    await assert.rejects(scorer.score(image, makeImage(200, 191), 'y', 0), {
      name: 'RangeError',
      message: /200×190 and 200×191/,
    });
    await assert.rejects(scorer.score(image, other, 'y', 91), { name: 'RangeError', message: /11×11/ });
    assert.deepEqual(await scorer.score(image, other, 'y', 0), scoreByProtocol(image, other, 'y', 0));
    await scorer.dispose();
  });

  /** A thread that takes a part and then does this. */
  function threadThat(action: string): ScoreThreads {
    const file = join(makeFolder(), 'worker.js');
    writeFileSync(
      file,
      `const { parentPort, workerData } = require('node:worker_threads');
      parentPort.on('message', ({ takers }) => {
        const index = takers.findIndex((_, k) => Atomics.compareExchange(takers, k, 0, workerData) === 0);
        if (index >= 0) { ${action} }
      });`,
    );
    const threads = new ScoreThreads(file);
    threads.startUpTo(2);
    return threads;
  }

  const [sr, hr] = [makeImage(200, 190, 1), makeImage(200, 190, 2)];
  const parts = scoringParts(comparedOf(sr, hr, 'y', 0), 10);

  /** Pairs, until what they give is as wished: a thread that is late finds no part of the first ones. */
  async function sumUntil(
    threads: ScoreThreads,
    wished: (sums: readonly PartSums[]) => boolean,
  ): Promise<void> {
    while (!wished(await threads.sum(sr, hr, 0, parts))) await setImmediate();
  }

  it('takes what a thread made of its part, in its place', async () => {
    // No part of protocol y is of Daala's.
    const threads = threadThat(`parentPort.postMessage({ index, sums: { of: 'daala', sums: [index] } });`);
    await sumUntil(threads, (sums) => {
      assert.equal(sums.length, parts.length);
      const [taken] = sums.flatMap((each, index) =>
        each.of === 'daala' ? [{ index, sums: each.sums }] : [],
      );
      assert.equal(taken?.sums[0], taken?.index);
      return taken !== undefined;
    });
    await threads.end();
  });

  it('does without threads that cannot start', async () => {
    const threads = new ScoreThreads(join(makeFolder(), 'missing.js'));
    threads.startUpTo(3);
    const whole = parts.map((part) => sumPart(part, sr, hr, 0));
    for (let pair = 0; pair < 3; pair++) {
      assert.deepEqual(await threads.sum(sr, hr, 0, parts), whole);
      await setImmediate();
    }
    await threads.end();
  });

  for (const [what, action, message] of [
    ['throws', `throw new Error('no more memory');`, /no more memory/],
    ['ends', 'process.exit(3);', /has ended/],
    [
      'cannot do its part',
      `parentPort.postMessage({ index, error: 'a kernel failed' });`,
      /could not be scored: a kernel failed/,
    ],
  ] as const) {
    it(`fails when a thread ${what}, and leaves none behind`, async () => {
      const before = threadsAlive();
      const threads = threadThat(action);
      await assert.rejects(
        sumUntil(threads, () => false),
        { message },
      );
      await threads.end();
      assert.equal(threadsAlive(), before);
    });
  }
});
