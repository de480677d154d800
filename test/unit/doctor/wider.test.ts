/** What the doctor says of vectors of 256 bits. */
import assert from 'node:assert/strict';
import type { Benchmark, EngineReport } from '../../../src/protocol/engine-report';
import { defaultEngineSettings } from '../../../src/protocol/engine-settings';
import { adviseWidening, withWideVectors } from '../../../src/training/doctor/wider';

const taking = (seconds: number): Benchmark => ({
  secondsPerStep: { pixel: seconds / 4, adversarial: seconds },
  gigaflops: { pixel: 40, adversarial: 40 },
  presets: { quick: 300, small: 3000, paper: 300_000 },
});
const embedded: EngineReport = {
  name: 'embedded',
  usable: true,
  gpu: false,
  reason: 'Comes with the lab.',
  benchmark: taking(0.05),
};

describe('wide vectors at the doctor’s', () => {
  it('are advised with what they bring, and where they are turned on', () => {
    const { advice, remedies } = adviseWidening({ ...embedded, wideVectors: taking(0.04) });
    assert.match(advice!, /takes 40 ms instead of 50 ms\. Turn on srganLab\.embedded\.wideVectors/);
    assert.deepEqual(remedies, ['widen-vectors']);
  });

  it('are not advised where they bring nothing that a short benchmark could tell', () => {
    assert.equal(adviseWidening({ ...embedded, wideVectors: taking(0.049) }).advice, undefined);
    assert.equal(adviseWidening(embedded).advice, undefined);
  });

  it('are not measured where they are not off, or nothing else is measured', async () => {
    const { embedded: defaults, native } = defaultEngineSettings;
    for (const wideVectors of ['auto', true] as const) {
      const settings = { embedded: { ...defaults, wideVectors }, native };
      assert.equal(await withWideVectors(embedded, { benchmarkSeconds: 1, settings }), embedded);
    }
    const { benchmark: _, ...unmeasured } = embedded;
    const off = { embedded: { ...defaults, wideVectors: false }, native };
    assert.equal(await withWideVectors(unmeasured, { benchmarkSeconds: 0, settings: off }), unmeasured);
  });
});
