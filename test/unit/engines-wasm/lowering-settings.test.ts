/** Which algorithm convolves which layer, by what a graph is for. */
import assert from 'node:assert/strict';
import { settingsFor } from '../../../src/training/engines/wasm/plan/lowering/lowering';
import { winogradFor } from '../../../src/training/engines/wasm/plan/lowering/winograd';
import { convolutionGeometry } from '../../../src/training/graph/convolution-geometry';
import { traceInference } from '../../../src/training/step/inference';
import { tracePixelStep } from '../../../src/training/step/pixel-step';
import { presetConfiguration } from '../../support/configurations';

describe('embedded engine, the choice of tiles', () => {
  const paper = presetConfiguration('paper');
  const training = tracePixelStep(paper);
  const inference = traceInference(paper.generator, paper.scale, { batch: 1, height: 24, width: 24 });
  const layer = (channels: number) =>
    convolutionGeometry([4, 24, 24, channels], [3, 3, channels, channels], { stride: 1, padding: 'same' });

  it('is F(6×6) in training from 64 channels on, and elsewhere for all', () => {
    const chosen = (graph: typeof training, channels: number) =>
      winogradFor(layer(channels), settingsFor(graph, 'auto'))?.forward.outputs;
    assert.deepEqual([chosen(training, 32), chosen(training, 64)], [4, 6]);
    assert.deepEqual([chosen(inference, 32), chosen(inference, 64)], [6, 6]);
  });

  it('is F(4×4) for all in wide vectors', () => {
    for (const graph of [training, inference]) {
      const settings = settingsFor(graph, 'auto', { wide: true });
      assert.equal(winogradFor(layer(64), settings)?.forward.outputs, 4);
    }
  });

  it('is the person’s where there is one', () => {
    for (const [choice, outputs] of [
      ['winograd6', 6],
      ['winograd4', 4],
      ['winograd2', 2],
      ['direct', undefined],
    ] as const) {
      for (const graph of [training, inference]) {
        assert.equal(winogradFor(layer(32), settingsFor(graph, choice))?.forward.outputs, outputs);
        assert.equal(winogradFor(layer(64), settingsFor(graph, choice))?.forward.outputs, outputs);
      }
    }
  });
});
