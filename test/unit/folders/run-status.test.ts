import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readHolder, tenancyOf } from '../../../src/folders/lease-file';
import { isSameProcess, processStart } from '../../../src/folders/process-identity';
import { deriveRunStatus } from '../../../src/folders/run-status';
import { LEASE_FILE, leaseSchema, type Lease } from '../../../src/protocol/lease';
import type { MetricsLine } from '../../../src/protocol/metrics';
import { presets } from '../../../src/protocol/presets';
import { runConfigurationSchema } from '../../../src/protocol/run-configuration';
import { temporaryFolders } from '../../support/temporary-folder';

const { description: _, ...preset } = presets.quick;
const configuration = runConfigurationSchema.parse({
  format: 1,
  name: 'r',
  created: new Date(0).toISOString(),
  preset: 'quick',
  dataset: '../d',
  scale: 4,
  seed: 1,
  engine: 'auto',
  ...preset,
  stages: [
    { name: 'pixel', steps: 100, learningRate: { schedule: 'constant', initial: 1e-4 } },
    { name: 'adversarial', steps: 50, learningRate: { schedule: 'constant', initial: 1e-4 } },
  ],
  validation: { every: 10, images: 1, crop: 96 },
});

const lease = (changes: Partial<Lease> = {}): Lease =>
  leaseSchema.parse({
    format: 1,
    pid: process.pid,
    processStarted: processStart(process.pid),
    host: hostname(),
    socket: '',
    started: 0,
    heartbeat: Date.now(),
    phase: 'training',
    message: 'Training.',
    engine: 'embedded',
    device: 'CPU',
    step: 40,
    stage: 'pixel',
    ...changes,
  });

const step = (number: number, seconds: number): MetricsLine => ({
  kind: 'step',
  time: 0,
  step: number,
  stage: 'pixel',
  seconds,
  feedSeconds: 0,
  learningRate: 1e-4,
  generator: { pixel: 0.1, total: 0.1 },
});

describe('run status', () => {
  const temporary = temporaryFolders();

  it('is new without a lease', () => {
    assert.equal(deriveRunStatus(configuration, undefined, []).state, 'new');
  });

  it('runs while the process of the lease lives, with the time left from steps and validations to come', () => {
    const validation: MetricsLine = {
      kind: 'validation',
      time: 0,
      step: 40,
      stage: 'pixel',
      extent: 'crop',
      split: 'validation',
      model: { psnr: 30, ssim: 0.9 },
      bicubic: { psnr: 29, ssim: 0.8 },
      images: [],
      seconds: 3,
      sampled: true,
    };
    const status = deriveRunStatus(configuration, lease(), [
      step(38, 2),
      step(39, 2),
      step(40, 9),
      validation,
    ]);
    assert.equal(status.state, 'running');
    assert.equal(status.totalSteps, 150);
    assert.equal(status.secondsPerStep, 2);
    assert.equal(status.secondsLeft, 110 * 2 + 11 * 3);
  });

  it('tells the time left of a stage not begun by what its steps compute', () => {
    const lines = [step(39, 2), step(40, 2)];
    const left = (changes: Partial<Lease>): number | null =>
      deriveRunStatus(configuration, lease(changes), lines).secondsLeft;
    assert.equal(left({}), 60 * 2 + 50 * 2, 'as long as nothing is known');
    assert.equal(left({ stepFlops: { pixel: 1e9, adversarial: 5e9 } }), 60 * 2 + 50 * 10);
    assert.equal(left({ step: 120, stepFlops: { pixel: 1e9, adversarial: 5e9 } }), 30 * 10);
  });

  it('is crashed when the pid is gone or belongs to another process', () => {
    assert.equal(deriveRunStatus(configuration, lease({ pid: 2 ** 22 + 1 }), []).state, 'crashed');
    assert.equal(deriveRunStatus(configuration, lease({ processStarted: 'before' }), []).state, 'crashed');
  });

  it('believes the heartbeat of another machine, and not an old one', () => {
    const elsewhere = { host: 'another-machine' };
    assert.equal(deriveRunStatus(configuration, lease(elsewhere), []).state, 'elsewhere');
    assert.equal(deriveRunStatus(configuration, lease({ ...elsewhere, heartbeat: 0 }), []).state, 'crashed');
  });

  it('keeps the last word of a run that ended', () => {
    for (const phase of ['finished', 'stopped', 'failed'] as const) {
      const status = deriveRunStatus(configuration, lease({ phase, message: 'Why.' }), []);
      assert.equal(status.state, phase);
      assert.equal(status.message, 'Why.');
    }
  });

  it('is told by the last word of a trainer that ends between two looks', async () => {
    const folder = temporary();
    const write = (changes: Partial<Lease>): void => {
      writeFileSync(join(folder, LEASE_FILE), JSON.stringify(lease({ pid: 2 ** 22 + 1, ...changes })));
    };
    write({});
    const looks: string[] = [];
    const { lease: seen, tenancy } = await readHolder(folder, (held) => {
      looks.push(held!.phase);
      // What the trainer does while we look at whether its process is there.
      write({ phase: 'finished', message: 'Finished.' });
      return tenancyOf(held);
    });
    assert.deepEqual(looks, ['training', 'finished']);
    assert.equal(tenancy, 'none');
    assert.equal(deriveRunStatus(configuration, seen, [], { tenancy }).state, 'finished');
  });

  it('knows a process by its start', () => {
    const start = processStart(process.pid);
    assert.ok(start);
    assert.equal(isSameProcess(process.pid, start), true);
    assert.equal(processStart(2 ** 22 + 1), undefined);
  });
});
