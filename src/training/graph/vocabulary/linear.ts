/** Linear layers and their gradients: convolution, matrix product, bias. */
import { z } from 'zod';
import { convolutionFlops, convolutionGeometry, convolutionOutputShape } from '../convolution-geometry';
import { channelsOf, elementCount, formatShape, matrixShape, requireSameShape, sameShape } from '../shape';
import { define, noAttributes, positiveInteger, shapeAttribute } from './definition';

const windows = { stride: positiveInteger, padding: z.enum(['same', 'valid']) };

export const linearOperations = {
  Conv2D: define({
    meaning: 'Cross-correlation of x with filter (HWIO), the same stride on both axes.',
    inputs: ['x', 'filter'],
    outputs: ['y'],
    attributes: z.strictObject(windows),
    shapes: ([x, filter], attributes) => [convolutionOutputShape(convolutionGeometry(x, filter, attributes))],
    flops: ([x, filter], _outputs, attributes) =>
      convolutionFlops(convolutionGeometry(x, filter, attributes)),
  }),

  Conv2DBackpropInput: define({
    meaning: 'Gradient of Conv2D for x, which has the shape `inputShape`.',
    inputs: ['dy', 'filter'],
    outputs: ['dx'],
    attributes: z.strictObject({ ...windows, inputShape: shapeAttribute }),
    shapes: ([dy, filter], { inputShape, ...attributes }) => {
      const y = convolutionOutputShape(convolutionGeometry(inputShape, filter, attributes));
      requireSameShape(dy, y, 'Conv2DBackpropInput: dy and the result of the convolution');
      return [inputShape];
    },
    flops: ([, filter], _outputs, { inputShape, ...attributes }) =>
      convolutionFlops(convolutionGeometry(inputShape, filter, attributes)),
  }),

  Conv2DBackpropFilter: define({
    meaning: 'Gradient of Conv2D for filter, which has the shape `filterShape`.',
    inputs: ['x', 'dy'],
    outputs: ['dfilter'],
    attributes: z.strictObject({ ...windows, filterShape: shapeAttribute }),
    shapes: ([x, dy], { filterShape, ...attributes }) => {
      const y = convolutionOutputShape(convolutionGeometry(x, filterShape, attributes));
      requireSameShape(dy, y, 'Conv2DBackpropFilter: dy and the result of the convolution');
      return [filterShape];
    },
    flops: ([x], _outputs, { filterShape, ...attributes }) =>
      convolutionFlops(convolutionGeometry(x, filterShape, attributes)),
  }),

  BiasAdd: define({
    meaning: 'Adds bias [c] along the last axis of x, of any rank.',
    inputs: ['x', 'bias'],
    outputs: ['y'],
    attributes: noAttributes,
    shapes: ([x, bias]) => {
      requireSameShape(bias, [channelsOf(x, 'BiasAdd: x')], 'BiasAdd: bias and the channels of x');
      return [x];
    },
    flops: ([x]) => elementCount(x),
  }),

  ChannelSum: define({
    meaning: 'Sum over all axes but the last: the gradient of a bias.',
    inputs: ['x'],
    outputs: ['sum'],
    attributes: noAttributes,
    shapes: ([x]) => [[channelsOf(x, 'ChannelSum: x')]],
    flops: ([x]) => elementCount(x),
  }),

  MatMul: define({
    meaning: 'Product of two matrices, each transposed first where its attribute says so.',
    inputs: ['a', 'b'],
    outputs: ['product'],
    attributes: z.strictObject({ transposeA: z.boolean(), transposeB: z.boolean() }),
    shapes: ([a, b], { transposeA, transposeB }) => {
      const left = matrixShape(a, 'MatMul: a');
      const right = matrixShape(b, 'MatMul: b');
      const [rows, inner] = transposeA ? [left.columns, left.rows] : [left.rows, left.columns];
      const [innerB, columns] = transposeB ? [right.columns, right.rows] : [right.rows, right.columns];
      if (inner !== innerB) throw new Error(`MatMul: ${formatShape(a)} does not fit ${formatShape(b)}`);
      return [[rows, columns]];
    },
    flops: ([a], [product], { transposeA }) => 2 * elementCount(product) * (a[transposeA ? 0 : 1] ?? 0),
  }),

  Add: define({
    meaning: 'Element-wise sum of two tensors of one shape; nothing is broadcast.',
    inputs: ['a', 'b'],
    outputs: ['sum'],
    attributes: noAttributes,
    shapes: ([a, b]) => {
      requireSameShape(a, b, 'Add: the operands');
      return [a];
    },
    flops: ([a]) => elementCount(a),
  }),

  Scale: define({
    meaning: 'Product with a constant factor.',
    inputs: ['x'],
    outputs: ['y'],
    attributes: z.strictObject({ factor: z.number() }),
    shapes: ([x]) => [x],
    flops: ([x]) => elementCount(x),
  }),

  Reshape: define({
    meaning: 'The same elements in the same order under another shape.',
    inputs: ['x'],
    outputs: ['y'],
    attributes: z.strictObject({ shape: shapeAttribute }),
    shapes: ([x], { shape }) => {
      if (elementCount(x) !== elementCount(shape)) {
        throw new Error(`Reshape: ${formatShape(x)} has not as many elements as ${formatShape(shape)}`);
      }
      return [sameShape(x, shape) ? x : shape];
    },
    flops: () => 0,
  }),
};
