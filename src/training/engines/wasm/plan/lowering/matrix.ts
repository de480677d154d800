/** Matrix products: the transposes that our two kernels want, made first where they are not there. */
import { transpose } from '../../kernels/convolution';
import { productOfTransposed, productScratch, productWithTransposed } from '../../kernels/matrix-product';
import type { Buffer } from '../buffer';
import type { PlanBuilder } from '../plan-builder';
import { at, type Lower, type Tensor } from './lowering';

function transposed(plan: PlanBuilder, matrix: Tensor): Buffer {
  return plan.derived(`transpose of ${matrix.id}`, () => {
    const [rows, columns] = matrix.shape as [number, number];
    const result = plan.temporary(matrix.count);
    plan.call(transpose, { result, x: matrix.buffer, count: 1, rows, columns });
    return result;
  });
}

export const lowerMatMul: Lower<'MatMul'> = ({ plan, inputs, outputs, attributes }) => {
  const [a, b, product] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const { transposeA, transposeB } = attributes;
  const [rows, columns] = product.shape as [number, number];
  const depth = a.count / rows;
  const size = { depth, rows, columns };
  if (transposeB && !transposeA) {
    plan.call(productWithTransposed, { result: product.buffer, a: a.buffer, b: b.buffer, ...size });
    return;
  }
  const scratch = plan.scratch(productScratch(columns, plan.threads));
  plan.call(productOfTransposed, {
    result: product.buffer,
    a: transposeA ? a.buffer : transposed(plan, a),
    b: transposeB ? transposed(plan, b) : b.buffer,
    ...size,
    scratch: scratch.buffer,
    scratchBytes: scratch.bytesPerThread,
  });
};
