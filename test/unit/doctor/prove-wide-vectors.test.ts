/** When `auto` computes in vectors of 256 bits: only where training steps come out to the same bits. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultEngineSettings } from '../../../src/protocol/engine-settings';
import { reasonAgainstWideVectors } from '../../../src/training/doctor/prove-wide-vectors';
import { stepDigest } from '../../../src/training/doctor/step-digest';
import type { EmbeddedOptions } from '../../../src/training/engines/wasm/embedded-engine';
import { tryPairing } from '../../../src/training/engines/wasm/wide-vectors/trial';
import { setEnvironment } from '../../support/environment';
import { temporaryFolders } from '../../support/temporary-folder';
import { openEmbedded } from '../engines-wasm/support/embedded';

describe('wide vectors by themselves', function () {
  this.timeout(60_000);
  const temporary = temporaryFolders();
  const environment = setEnvironment();

  async function digest(options: EmbeddedOptions): Promise<string> {
    const engine = await openEmbedded(options);
    try {
      return await stepDigest(engine);
    } finally {
      await engine.dispose();
    }
  }

  it('are held against narrow ones by a digest that every bit is in', async () => {
    const narrow = await digest({ threads: 1 });
    assert.equal(await digest({ threads: 2, wideVectors: 'kernels' }), narrow);
    assert.notEqual(await digest({ threads: 2, exactness: 'winograd2' }), narrow);
  });

  it('are on where V8 pairs vectors, and else a reason is given, which is remembered', async () => {
    const home = temporary();
    environment({ SRGAN_LAB_HOME: home });
    const reason = await tryPairing('relaxed');
    assert.equal(await reasonAgainstWideVectors(defaultEngineSettings.embedded), reason);
    const file = join(home, 'wide-vectors.json');
    if (!existsSync(file)) {
      assert.match(reason!, /cannot pair vectors/);
      return;
    }
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { reason?: string }>;
    assert.deepEqual(Object.values(kept), [reason === undefined ? {} : { reason }]);
    const other = reason === undefined ? 'a reason' : undefined;
    writeFileSync(file, JSON.stringify({ [Object.keys(kept)[0]!]: { reason: other } }));
    assert.equal(await reasonAgainstWideVectors(defaultEngineSettings.embedded), other);
  });

  it('are told with the reason by the engine', async () => {
    environment({ SRGAN_LAB_HOME: temporary() });
    const reason = await reasonAgainstWideVectors(defaultEngineSettings.embedded);
    const engine = await openEmbedded({ threads: 1, wideVectors: false, narrowBecause: reason });
    try {
      const expected = reason === undefined ? '128 bits' : `128 bits: ${reason}`;
      assert.equal(engine.description.versions['vectors'], expected);
    } finally {
      await engine.dispose();
    }
  });
});
