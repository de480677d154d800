/** Real runs on a real TensorFlow, started and watched as a person does, and taken over by the embedded engine. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readLease } from '../../../src/folders/lease-file';
import { readRunConfiguration, writeRunConfiguration } from '../../../src/folders/marker-files';
import { readRunStatus } from '../../../src/folders/run-reader';
import { runCli } from '../../support/command-line';
import { setEnvironment } from '../../support/environment';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf } from '../../support/train-here';
import { realTensorFlow } from './support/real-tensorflow';

describe('native engine, runs', function () {
  this.timeout(180_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();
  const environment = setEnvironment();

  beforeEach(async function () {
    environment({ SRGAN_LAB_TENSORFLOW: await realTensorFlow(this), SRGAN_LAB_HOME: temporary() });
  });

  async function trained(engine: 'native' | 'embedded') {
    const folder = temporary();
    await makeMicroRun(folder, microDataset(), [`engine="${engine}"`]);
    const run = join(folder, 'run');
    const { code, stderr } = await runCli(['train', run, '--json', '--progress', 'none']);
    assert.equal(code, 0, stderr);
    assert.equal((await readRunStatus(run)).state, 'finished');
    return { run, lines: metricsOf(run).filter((line) => line.kind === 'step') };
  }

  it('train to the end, name engine and device, and stay with the embedded engine', async () => {
    const native = await trained('native');
    const lease = await readLease(native.run);
    assert.ok(lease);
    assert.equal(lease.engine, 'native');
    assert.match(lease.device, /^(CPU, \d+ threads?|GPU .*)$/);
    const embedded = await trained('embedded');
    assert.equal(native.lines.length, embedded.lines.length);
    native.lines.forEach(({ step, generator }, index) => {
      const other = embedded.lines[index]!.generator.total!;
      const difference = Math.abs(generator.total! - other) / other;
      assert.ok(difference < 2e-3, `step ${step}: ${generator.total} and ${other}`);
    });
  });

  it('are resumed by the embedded engine', async () => {
    const { run, lines } = await trained('native');
    const configuration = await readRunConfiguration(run);
    const stages = configuration.stages.map((stage) =>
      stage.name === 'adversarial' ? { ...stage, steps: stage.steps + 3 } : stage,
    );
    await writeRunConfiguration(run, { ...configuration, engine: 'embedded', stages });
    const { code, stderr } = await runCli(['resume', run, '--json', '--progress', 'none']);
    assert.equal(code, 0, stderr);
    assert.equal((await readLease(run))?.engine, 'embedded');
    const after_ = metricsOf(run).filter((line) => line.kind === 'step');
    assert.equal(after_.length, lines.length + 3);
    assert.deepEqual(after_.slice(0, lines.length), lines);
  });
});
