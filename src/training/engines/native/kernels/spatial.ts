/** Pixel shuffle, pooling, mirrored borders. */
import { imageShape, type ImageShape } from '../../../graph/shape';
import type { spatialOperations } from '../../../graph/vocabulary/spatial';
import { attribute, floats, indices, one, type OperationSink } from '../operations';
import type { KernelTable } from './kernel';

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

interface Border {
  readonly rows: number;
  readonly columns: number;
}

/** TensorFlow mirrors once at most; a border wider than the image is mirrored in whole periods. */
function mirror<Value>(sink: OperationSink<Value>, x: Value, border: Border, image: ImageShape): Value {
  const rows = Math.min(border.rows, image.height);
  const columns = Math.min(border.columns, image.width);
  if (rows === 0 && columns === 0) return x;
  const amounts = sink.integers([0, 0, rows, rows, columns, columns, 0, 0], [4, 2]);
  const y = one(
    sink,
    'MirrorPad',
    [x, amounts],
    [floats, indices('Tpaddings'), attribute.string('mode', 'SYMMETRIC')],
  );
  return mirror(sink, y, { rows: border.rows - rows, columns: border.columns - columns }, image);
}

export const spatialKernels: KernelTable<keyof typeof spatialOperations> = {
  PixelShuffle: (sink, inputs, { factor }) => [one(sink, 'DepthToSpace', inputs, blocks(factor))],

  PixelUnshuffle: (sink, inputs, { factor }) => [one(sink, 'SpaceToDepth', inputs, blocks(factor))],

  MaxPool: (sink, inputs) => [one(sink, 'MaxPool', inputs, pool)],

  // TensorFlow wants the forward result too; the equal sub-graph is shared when the function is optimised.
  MaxPoolGrad: (sink, [dy, x]) => [
    one(sink, 'MaxPoolGrad', [x!, one(sink, 'MaxPool', [x!], pool), dy!], pool),
  ],

  MirrorPad: (sink, [x], { amount }, [shape]) => [
    mirror(sink, x!, { rows: amount, columns: amount }, imageShape(shape!, 'MirrorPad: x')),
  ],
};
