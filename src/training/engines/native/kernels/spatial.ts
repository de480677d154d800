/** Pixel shuffle, pooling, mirrored borders. */
import { imageShape } from '../../../graph/shape';
import type { spatialOperations } from '../../../graph/vocabulary/spatial';
import { attribute, floats, one, type OperationSink } from '../operations';
import type { KernelTable } from './index';

const blocks = (factor: number) => [
  floats,
  attribute.int('block_size', factor),
  attribute.string('data_format', 'NHWC'),
];
const pool = [
  floats,
  attribute.ints('ksize', [1, 2, 2, 1]),
  attribute.ints('strides', [1, 2, 2, 1]),
  attribute.string('padding', 'VALID'),
  attribute.string('data_format', 'NHWC'),
];

function mirror<Value>(sink: OperationSink<Value>, x: Value, rows: number, columns: number): Value {
  const amounts = sink.integers([0, 0, rows, rows, columns, columns, 0, 0], [4, 2]);
  return one(
    sink,
    'MirrorPad',
    [x, amounts],
    [floats, attribute.type('Tpaddings', 3), attribute.string('mode', 'SYMMETRIC')],
  );
}

export const spatialKernels: KernelTable<keyof typeof spatialOperations> = {
  PixelShuffle: (sink, inputs, { factor }) => [one(sink, 'DepthToSpace', inputs, blocks(factor))],

  PixelUnshuffle: (sink, inputs, { factor }) => [one(sink, 'SpaceToDepth', inputs, blocks(factor))],

  MaxPool: (sink, inputs) => [one(sink, 'MaxPool', inputs, pool)],

  // TensorFlow wants the forward result too; the equal sub-graph is shared when the function is optimised.
  MaxPoolGrad: (sink, [dy, x]) => [
    one(sink, 'MaxPoolGrad', [x!, one(sink, 'MaxPool', [x!], pool), dy!], pool),
  ],

  // TensorFlow mirrors once at most; a border wider than the image is mirrored in whole periods.
  MirrorPad: (sink, [x], { amount }, [shape]) => {
    const { height, width } = imageShape(shape!, 'MirrorPad: x');
    let y: typeof x = x;
    let [rows, columns] = [amount, amount];
    while (rows > 0 || columns > 0) {
      const [rowsNow, columnsNow] = [Math.min(rows, height), Math.min(columns, width)];
      y = mirror(sink, y, rowsNow, columnsNow);
      rows -= rowsNow;
      columns -= columnsNow;
    }
    return [y];
  },
};
