import assert from 'node:assert/strict';
import { convolutionGeometry, windowAxis } from '../../../src/training/graph/convolution-geometry';
import {
  graphFlops,
  inferShapes,
  operationKinds,
  typedOperation,
} from '../../../src/training/graph/operations';
import { traceInference } from '../../../src/training/step/inference';
import { presetConfiguration } from '../../support/configurations';

describe('vocabulary', () => {
  it('pads as TensorFlow does', () => {
    const places = (input: number, kernel: number, stride: number): number[] => {
      const { output, before, after } = windowAxis(input, kernel, stride, 'same');
      return [output, before, after];
    };
    assert.deepEqual(places(24, 3, 1), [24, 1, 1]);
    assert.deepEqual(places(24, 3, 2), [12, 0, 1]);
    assert.deepEqual(places(25, 3, 2), [13, 1, 1]);
    assert.deepEqual(places(7, 9, 1), [7, 4, 4]);
    assert.deepEqual(places(8, 1, 2), [4, 0, 0]);
    assert.equal(windowAxis(9, 5, 1, 'valid').output, 5);
    assert.throws(() => windowAxis(3, 5, 1, 'valid'), /a window of 5 does not fit into 3/);
  });

  it('infers shapes', () => {
    const shapes = (...[kind, inputs, attributes]: Parameters<typeof inferShapes>) =>
      inferShapes(kind, inputs, attributes);
    assert.deepEqual(
      shapes(
        'Conv2D',
        [
          [2, 7, 9, 3],
          [3, 3, 3, 8],
        ],
        { stride: 2, padding: 'same' },
      ),
      [[2, 4, 5, 8]],
    );
    assert.deepEqual(shapes('PixelShuffle', [[1, 4, 5, 27]], { factor: 3 }), [[1, 12, 15, 3]]);
    assert.deepEqual(shapes('MaxPool', [[1, 5, 7, 2]], {}), [[1, 2, 3, 2]]);
    assert.deepEqual(
      shapes(
        'MatMul',
        [
          [5, 4],
          [3, 5],
        ],
        { transposeA: true, transposeB: true },
      ),
      [[4, 3]],
    );
  });

  it('refuses operands that do not fit, naming the operation', () => {
    assert.throws(
      () => convolutionGeometry([1, 4, 4, 3], [3, 3, 4, 8], { stride: 1, padding: 'same' }),
      /\[3, 3, 4, 8\] does not fit an input \[1, 4, 4, 3\]/,
    );
    assert.throws(() => inferShapes('PixelShuffle', [[1, 4, 4, 6]], { factor: 2 }), /6 channels/);
    assert.throws(() => inferShapes('PRelu', [[1, 4, 4, 6], [3]], {}), /alpha must be \[1\] or \[6\]/);
  });

  it('refuses operations that are not in it, or not as it says', () => {
    const none = { inputs: [], outputs: [], attributes: {} };
    assert.throws(() => typedOperation({ ...none, kind: 'Softmax' }), /no operation “Softmax”/);
    assert.throws(() => typedOperation({ ...none, kind: 'toString' }), /no operation “toString”/);
    assert.throws(() => typedOperation({ ...none, kind: 'Add' }), /Add takes a, b and gives sum/);
    assert.throws(
      () => typedOperation({ kind: 'Scale', inputs: [0], outputs: [1], attributes: { factor: 'x' } }),
      /Scale:/,
    );
    assert.ok(operationKinds.length > 20);
  });

  it('counts the multiplications and additions of the paper’s generator', () => {
    const { generator, scale } = presetConfiguration('paper');
    const graph = traceInference(generator, scale, { batch: 1, height: 24, width: 24 });
    const convolutions =
      24 * 24 * (81 * 3 * 64 + 33 * 9 * 64 * 64 + 9 * 64 * 256 + 4 * 9 * 64 * 256 + 16 * 81 * 64 * 3);
    const share = graphFlops(graph) / (2 * convolutions);
    assert.ok(share > 1 && share < 1.01, `convolutions should be nearly all of it: ${share}`);
  });
});
