import assert from 'node:assert/strict';
import { imresizeReal } from '../../../src/imaging/imresize';
import type { Scale } from '../../../src/protocol/run-configuration';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { traceInference } from '../../../src/training/step/inference';
import { microConfiguration } from '../../support/configurations';
import { randomTensor, runGraph } from '../../support/run-operation';

const scales: readonly Scale[] = [2, 3, 4, 8];
const sizes = [
  [9, 7],
  [2, 3],
  [1, 1],
] as const;

describe('bicubic skip connection', () => {
  for (const scale of scales) {
    for (const [height, width] of sizes) {
      it(`an untrained generator enlarges ${height}×${width} by ${scale} as MATLAB’s imresize does`, async () => {
        const generator = { ...microConfiguration().generator, globalSkip: 'bicubic' as const };
        const lr = randomTensor([1, height, width, 3], 'lr', 0.3);
        const graph = traceInference(generator, scale, { batch: 1, height, width });
        const state = initialise(generatorNetwork(generator, scale), 5);
        const engine = openReferenceEngine();
        const { sr } = await runGraph(engine, graph, { lr }, state);
        const expected = imresizeReal(
          { width, height, channels: 3, data: Float64Array.from(lr.data) },
          { width: width * scale, height: height * scale },
        );
        assert.deepEqual(sr!.shape, [1, expected.height, expected.width, 3]);
        sr!.data.forEach((value, index) => {
          assert.ok(Math.abs(value - expected.data[index]!) < 1e-6, `element ${index}`);
        });
      });
    }
  }
});
