import assert from 'node:assert/strict';
import { sin, valueAndGrads, type Scalar } from '@tensorflow/tfjs-core';
import { traceStep } from '../../../src/training/graph/trace';
import { add, scale } from '../../../src/training/operations/arithmetic';
import { biasAdd } from '../../../src/training/operations/bias-add';
import { conv2d } from '../../../src/training/operations/convolution';
import { meanSquaredError } from '../../../src/training/operations/loss';

describe('tracing', () => {
  it('records operations with shapes, in an order that can be executed', () => {
    const graph = traceStep({ inputs: { x: [1, 4, 4, 3] }, variables: { k: [3, 3, 3, 2] } }, (step) => {
      step.output('y', conv2d(step.input('x'), step.variable('k'), { stride: 2 }));
    });
    assert.deepEqual(graph.operations, [
      { kind: 'Conv2D', inputs: [0, 1], attributes: { stride: 2, padding: 'same' }, outputs: [2] },
    ]);
    assert.deepEqual(
      graph.values.map(({ shape }) => shape),
      [
        [1, 4, 4, 3],
        [3, 3, 3, 2],
        [1, 2, 2, 2],
      ],
    );
    assert.deepEqual(graph.outputs, [{ name: 'y', value: 2 }]);
  });

  it('records what the tape adds: gradients, summed where a value is used twice', () => {
    const graph = traceStep({ inputs: { x: [2, 3], target: [2, 3] }, variables: { b: [3] } }, (step) => {
      const b = step.variable('b');
      const { grads } = valueAndGrads(() => {
        const once = biasAdd(step.input('x'), b);
        return scale(meanSquaredError(biasAdd(once, b), step.input('target')), 0.25) as Scalar;
      })([b]);
      step.output('db', grads[0]!);
    });
    assert.deepEqual(
      graph.operations.map(({ kind }) => kind),
      ['BiasAdd', 'BiasAdd', 'MeanSquaredErrorGrad', 'ChannelSum', 'Add'],
    );
    assert.deepEqual(
      graph.constants.map(({ data }) => [...data]),
      [[0.25]],
    );
  });

  it('names a TensorFlow.js kernel that is not in the vocabulary', () => {
    assert.throws(
      () =>
        traceStep({ inputs: { x: [2] }, variables: {} }, (step) => {
          step.output('y', sin(step.input('x')));
        }),
      /Kernel 'Sin' not registered for backend 'step graph'/,
    );
  });

  it('refuses to depend on data', () => {
    assert.throws(
      () =>
        traceStep({ inputs: { x: [2] }, variables: {} }, (step) => {
          step.input('x').dataSync();
        }),
      /a step cannot depend on values, only on shapes/,
    );
  });

  it('refuses shapes that do not fit, and can trace again afterwards', () => {
    const trace = (channels: number): void => {
      traceStep({ inputs: { x: [1, 4, 4, 3] }, variables: { b: [channels] } }, (step) => {
        step.output('y', biasAdd(step.input('x'), step.variable('b')));
      });
    };
    assert.throws(() => {
      trace(4);
    }, /BiasAdd: bias and the channels of x: \[4\] and \[3\] differ/);
    trace(3);
  });

  it('refuses unknown names and updates of another shape', () => {
    const attempt = (step: Parameters<typeof traceStep>[1]) => () =>
      traceStep({ inputs: { x: [2] }, variables: { v: [3] } }, step);
    assert.throws(
      attempt((step) => step.input('y')),
      /no input y/,
    );
    assert.throws(
      attempt((step) => {
        step.update('v', step.input('x'));
      }),
      /the variable v and its update: \[3\] and \[2\] differ/,
    );
  });

  it('refuses operations outside of a trace', () => {
    let kept: Parameters<typeof add>[0] | undefined;
    traceStep({ inputs: { x: [2] }, variables: {} }, (step) => {
      kept = step.input('x');
      step.output('x', kept);
    });
    assert.throws(() => add(kept!, kept!));
  });
});
