/**
 * A TensorFlow that ends the process which loads it: tried for real, with libraries made for it. What must come of it is a
 * sentence with a next step, from the doctor, from `auto`, and from a trainer that was told to use it.
 */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLease } from '../../../src/folders/lease-file';
import type { DoctorReport } from '../../../src/protocol/engine-report';
import { probeEngine } from '../../../src/training/doctor/probe';
import { openEngineByName } from '../../../src/training/engines/open-engine';
import { runCli } from '../../support/command-line';
import { writeLibrary, type Misfortune } from '../../support/elf-library';
import { setEnvironment } from '../../support/environment';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { realTensorFlow } from './support/real-tensorflow';

const aborts: Misfortune = {
  abortsSaying:
    "F0000 cpu_feature_guard.cc:35] The TensorFlow library was compiled to use AVX512F instructions, but these aren't available on your machine.",
};

describe('bad luck with TensorFlow', function () {
  this.timeout(120_000);
  const folder = temporaryFolders();
  const microDataset = sharedMicroDataset();
  const environment = setEnvironment();

  /** A library that ends whoever loads it. */
  function library(misfortune: Misfortune): string {
    const path = join(folder(), 'libtensorflow.so.2');
    writeLibrary(path, misfortune);
    return path;
  }

  beforeEach(function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    environment({ SRGAN_LAB_HOME: folder() });
  });

  const ends: readonly (readonly [Misfortune, RegExp, RegExp])[] = [
    ['segmentation fault', /crashes while it loads/, /Install TensorFlow again/],
    ['illegal instruction', /instructions that this processor lacks \(AVX, most likely\)/, /embedded engine/],
    [aborts, /instructions that this processor lacks \(AVX512F\)/, /embedded engine/],
    [{ abortsSaying: 'terminate called' }, /gave up while it was loaded/, /Install TensorFlow again/],
  ];
  for (const [misfortune, problem, advice] of ends) {
    it(`is survived and told: ${typeof misfortune === 'string' ? misfortune : misfortune.abortsSaying}`, async () => {
      const result = await probeEngine({
        engine: 'native',
        library: library(misfortune),
        benchmarkSeconds: 0,
      });
      assert.ok('problem' in result);
      assert.match(result.problem, problem);
      assert.match(result.advice, advice);
    });
  }

  it('the doctor says so, and `auto` takes the embedded engine with the reason', async () => {
    environment({ SRGAN_LAB_TENSORFLOW: library('segmentation fault') });
    const { code, stdout, stderr } = await runCli(['engine', 'doctor', '--seconds', '1', '--json']);
    assert.equal(code, 0, stderr);
    const { engines, chosen } = JSON.parse(stdout) as DoctorReport;
    const [native] = engines.filter(({ name }) => name === 'native');
    assert.equal(native?.usable, false);
    assert.match(native.reason, /crashes while it loads/);
    assert.equal(chosen.engine, 'embedded');
    assert.match(chosen.reason, /crashes while it loads/);
  });

  it('a run that is to use it fails with a sentence, and no checkpoint or process is left', async () => {
    environment({ SRGAN_LAB_TENSORFLOW: library('illegal instruction') });
    const place = folder();
    await makeMicroRun(place, microDataset(), ['engine="native"']);
    const run = join(place, 'run');
    const { code, stderr } = await runCli(['train', run, '--progress', 'none']);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /cannot be used\. It uses instructions that this processor lacks.*The embedded engine needs none/,
    );
    assert.equal((await readLease(run))?.phase, 'failed');
    assert.equal(existsSync(join(run, 'checkpoints')), false);
    const again = await runCli(['resume', run, '--engine', 'embedded', '--json', '--progress', 'none']);
    assert.equal(again.code, 0, again.stderr);
  });

  it('a run on `auto` trains on the embedded engine, and its log says why', async () => {
    environment({ SRGAN_LAB_TENSORFLOW: library('segmentation fault') });
    const place = folder();
    await makeMicroRun(place, microDataset(), ['engine="auto"']);
    const run = join(place, 'run');
    const { code, stderr } = await runCli(['train', run, '--json', '--progress', 'none']);
    assert.equal(code, 0, stderr);
    assert.equal((await readLease(run))?.engine, 'embedded');
    assert.match(readFileSync(join(run, 'log.txt'), 'utf8'), /crashes while it loads/);
  });

  it('a library that is not TensorFlow’s is told as such', async () => {
    environment({ SRGAN_LAB_TENSORFLOW: process.execPath });
    const libc = /\/\S*libc\.so\.6/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
    assert.ok(libc);
    const result = await probeEngine({ engine: 'native', library: libc, benchmarkSeconds: 0 });
    assert.ok('problem' in result);
    assert.match(result.problem, /is not TensorFlow’s library/);
  });

  it('a library that is there is loaded only once for trying', async function () {
    const real = await realTensorFlow(this);
    environment({ SRGAN_LAB_TENSORFLOW: real });
    const tried = join(process.env['SRGAN_LAB_HOME']!, 'tried-libraries.json');
    await (await openEngineByName('native')).dispose();
    const first = readFileSync(tried, 'utf8');
    assert.deepEqual(Object.keys(JSON.parse(first) as object), [real]);
  });

  it('half of a real one is refused before it is loaded, with the reason', async function () {
    const real = await realTensorFlow(this);
    const place = join(folder(), 'site-packages', 'tensorflow');
    mkdirSync(place, { recursive: true });
    const half = join(place, 'libtensorflow_cc.so.2');
    symlinkSync(
      join(dirname(real), 'libtensorflow_framework.so.2'),
      join(place, 'libtensorflow_framework.so.2'),
    );
    copyFileSync(join(dirname(real), 'libtensorflow_framework.so.2'), half);
    truncateSync(half, 10_000_000);
    environment({ SRGAN_LAB_TENSORFLOW: place });
    const { stdout } = await runCli(['engine', 'list']);
    assert.match(stdout, /libtensorflow_cc\.so\.2 is cut off \(10 of \d+ MB\): TensorFlow is half installed/);
  });
});
