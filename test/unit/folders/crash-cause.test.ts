/** Why a trainer died that could not say so itself, as the end of its log and its last lease tell. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { tenancyOf } from '../../../src/folders/lease-file';
import { crashCause } from '../../../src/folders/crash-cause';
import { deriveRunStatus } from '../../../src/folders/run-status';
import { LOG_FILE, type Lease } from '../../../src/protocol/lease';
import { runConfiguration } from '../../support/run-folders';
import { temporaryFolders } from '../../support/temporary-folder';

const ended = spawnSync(process.execPath, ['-e', '']);

const crashed: Lease = {
  format: 1,
  pid: ended.pid,
  processStarted: 'long ago',
  host: hostname(),
  started: 1,
  heartbeat: 2,
  phase: 'training',
  message: 'Training.',
  socket: '',
  engine: 'native',
  device: 'GPU (NVIDIA H200)',
  step: 1234,
  stage: 'adversarial',
};

const ours = '2026-01-01T12:00:00.000Z Training, adversarial stage.\n';
/** As TensorFlow has been seen to end on a GPU that was lost. */
const lost = `2026-01-01 12:00:01.1: E external/local_xla/xla/stream_executor/cuda/cuda_event.cc:49] failed to query event: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure
2026-01-01 12:00:01.2: F tensorflow/core/common_runtime/device/device_event_mgr.cc:223] Unexpected Event status: 1
`;

describe('why a trainer died', () => {
  const folder = temporaryFolders();

  async function causeWith(log: string, lease: Lease): Promise<Lease['cause']> {
    const run = folder();
    writeFileSync(join(run, LOG_FILE), log);
    return crashCause(run, { lease, tenancy: tenancyOf(lease) });
  }

  it('is a GPU that was lost in mid-run, by TensorFlow’s last words', async () => {
    assert.equal(await causeWith(ours + lost, crashed), 'gpu');
    const { state, message } = deriveRunStatus(runConfiguration('run'), crashed, [], { cause: 'gpu' });
    assert.equal(state, 'crashed');
    assert.match(
      message,
      /^The GPU or its driver stopped working at step 1,234 .*nvidia-smi.*resume.*last checkpoint, also on the embedded engine\.$/,
    );
  });

  it('is not one whose words came before others, nor where there was no GPU', async () => {
    assert.equal(await causeWith(lost + ours, crashed), undefined);
    assert.equal(await causeWith(ours + lost, { ...crashed, device: 'CPU, 2 threads' }), undefined);
    assert.equal(await causeWith(ours, crashed), undefined);
  });

  it('is told by the lease of a trainer that could say it', async () => {
    assert.equal(await causeWith(lost, { ...crashed, phase: 'failed', cause: 'memory' }), 'memory');
  });
});
