/** Adam, with the matrix product that gives its gradient where there is one. */
import { adam, adamOfProduct, adamOfProductScratch } from '../../kernels/adam';
import { at, type Lower } from './lowering';

export const lowerAdamUpdate: Lower<'AdamUpdate'> = (lowering) => {
  const { plan, inputs, outputs, attributes, gradientProduct } = lowering;
  const [parameter, m, v, gradient, stepSize, epsilon] = [0, 1, 2, 3, 4, 5].map((i) => at(inputs, i).buffer);
  const [newParameter, newM, newV] = [0, 1, 2].map((i) => at(outputs, i).buffer);
  const operands = {
    newParameter: newParameter!,
    newM: newM!,
    newV: newV!,
    parameter,
    m,
    v,
    stepSize,
    epsilon,
    beta1: attributes.beta1,
    beta2: attributes.beta2,
    oneMinusBeta1: 1 - attributes.beta1,
    oneMinusBeta2: 1 - attributes.beta2,
  };
  if (gradientProduct === undefined) {
    plan.call(adam, { ...operands, gradient, count: at(inputs, 0).count });
    return;
  }
  const [a, b] = gradientProduct;
  const [depth, rows] = a.shape as [number, number];
  const columns = b.shape[1]!;
  const scratch = plan.scratch(adamOfProductScratch(depth, columns));
  plan.call(adamOfProduct, {
    ...operands,
    a: a.buffer,
    b: b.buffer,
    depth,
    rows,
    columns,
    scratch: scratch.buffer,
    scratchBytes: scratch.bytesPerThread,
  });
};
