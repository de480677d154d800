/** The doctor's report in words: every fact of it, and the answer about the GPU from what was measured. */
import assert from 'node:assert/strict';
import type { DoctorReport, EngineReport } from '../../../src/protocol/engine-report';
import { describeDevices, describeDoctor, gpuAnswer } from '../../../src/protocol/engine-words';
import { formatBytes, formatShortTime } from '../../../src/protocol/quantities';
import { trialEngines } from '../../support/page-harness/trial-engines';

const report = trialEngines.report!;

function withEngine(index: number, changes: Partial<EngineReport>): DoctorReport {
  const engines = report.engines.map((engine, at) => (at === index ? { ...engine, ...changes } : engine));
  return { ...report, engines };
}

describe('the doctor’s words', () => {
  it('tell all of a report', () => {
    const text = describeDoctor(report);
    for (const part of [
      '✓ embedded: Comes with the lab',
      '✗ native: python3 has no TensorFlow',
      'tensorflow 2.21.0, cuda 12.5.1, cudnn 9.3.0',
      'NVIDIA driver: 550.54.14',
      'pixel step 16 ms (85 GFLOP/s)',
      'quick 3 min',
      '→ Set up the native engine',
      'Is the GPU used? No: all measured steps ran on the processor.',
      'auto takes the embedded engine. No GPU',
    ]) {
      assert.ok(text.includes(part), `${part}\n\n${text}`);
    }
  });

  it('say that a GPU is used only where steps ran on one', () => {
    const device = 'GPU (/device:GPU:0)';
    assert.match(gpuAnswer(withEngine(1, { gpu: true, device })), /^Yes: .*GPU:0.* 67 GFLOP\/s\.$/);
    const { benchmark: _, ...unmeasured } = report.engines[1]!;
    const engines = [report.engines[0]!, { ...unmeasured, gpu: true, device }];
    assert.match(gpuAnswer({ ...report, engines }), /was not measured/);
    assert.match(gpuAnswer(report), /^No: .*There is an NVIDIA driver/);
  });

  it('tell the memory of devices that have their own', () => {
    const cpu = { name: '/job:localhost/device:CPU:0', type: 'CPU', memoryBytes: 268_435_456 };
    const gpu = { name: '/job:localhost/device:GPU:0', type: 'GPU', memoryBytes: 23.4 * 2 ** 30 };
    assert.deepEqual(describeDevices([cpu, gpu]), ['GPU:0, 23.4 GB']);
  });

  it('measure', () => {
    assert.deepEqual([640 * 2 ** 20, 1000 * 2 ** 20].map(formatBytes), ['640 MB', '1.0 GB']);
    assert.deepEqual([0.00084, 0.035, 2.44].map(formatShortTime), ['0.8 ms', '35 ms', '2.4 s']);
  });
});
