/** Bias and rectification in the convolutions' own stores: each algorithm against the same in double precision. */
import { winograd2Kernels, winograd4Kernels } from '../../../src/training/engines/wasm/kernels/winograd';
import {
  type ConvolutionTensors,
  convolveDirect,
} from '../../../src/training/engines/wasm/plan/lowering/convolution';
import type { Tensor } from '../../../src/training/engines/wasm/plan/lowering/lowering';
import { convolveFewOutputs } from '../../../src/training/engines/wasm/plan/lowering/shifted-convolution';
import { equalSlopes } from '../../../src/training/engines/wasm/plan/lowering/slopes';
import { convolveWinograd } from '../../../src/training/engines/wasm/plan/lowering/winograd';
import { PlanBuilder } from '../../../src/training/engines/wasm/plan/plan-builder';
import {
  type ConvolutionGeometry,
  convolutionGeometry,
} from '../../../src/training/graph/convolution-geometry';
import * as reference from './support/references';
import { runPlan } from './support/run-plan';
import { assertClose, randomSource, randomTensor, type Reference } from './support/tensors';

type Convolve = (plan: PlanBuilder, geometry: ConvolutionGeometry, tensors: ConvolutionTensors) => void;

const algorithms: { name: string; to: number; kernel: number; convolve: Convolve }[] = [
  { name: 'direct', to: 13, kernel: 3, convolve: convolveDirect },
  { name: 'shifted', to: 3, kernel: 5, convolve: convolveFewOutputs },
  ...[winograd4Kernels, winograd2Kernels].map((kernels) => ({
    name: `Winograd ${kernels.outputs}`,
    to: 13,
    kernel: 3,
    convolve: ((plan, geometry, tensors) => {
      convolveWinograd(plan, kernels, geometry, tensors);
    }) satisfies Convolve,
  })),
];

const windows = { stride: 1, padding: 'same' as const };

describe('embedded engine, convolutions with bias and rectification', () => {
  for (const { name, to, kernel, convolve } of algorithms) {
    const random = randomSource(5);
    const x = randomTensor([2, 7, 9, 9], random, 1, 0.2);
    const filter = randomTensor([kernel, kernel, 9, to], random, 0.2);
    const bias = randomTensor([to], random);
    const alpha = randomTensor([to], random);
    const linear = reference.conv2D(x, filter, windows).map((sum, i) => sum + bias.data[i % to]!);

    const run = (slopes: (plan: PlanBuilder, alphaTensor: Tensor) => ConvolutionTensors['slopes']) => {
      const plan = new PlanBuilder(2);
      const tensor = ({ shape, data }: Pick<Reference, 'shape' | 'data'>, id: number): Tensor => {
        return { id, shape, count: data.length, buffer: plan.temporary(data.length) };
      };
      const operands = { x: tensor(x, 0), filter: tensor(filter, 1), bias: tensor(bias, 2) };
      const alphaTensor = tensor(alpha, 3);
      const y = tensor({ shape: [2, 7, 9, to], data: linear }, 4);
      convolve(plan, convolutionGeometry(x.shape, filter.shape, windows), {
        ...operands,
        y,
        slopes: slopes(plan, alphaTensor),
      });
      const inputs = new Map([
        [operands.x.buffer, x.data],
        [operands.filter.buffer, filter.data],
        [operands.bias.buffer, bias.data],
        [alphaTensor.buffer, alpha.data],
      ]);
      return runPlan(plan, inputs, [y.buffer])[0]!;
    };

    it(`${name}: a bias alone`, () => {
      assertClose(
        run(() => undefined),
        linear,
        5e-6,
        name,
      );
    });

    it(`${name}: PReLU`, () => {
      const expected = linear.map((sum, i) => (sum > 0 ? sum : sum * alpha.data[i % to]!));
      assertClose(
        run((_plan, { buffer }) => buffer),
        expected,
        5e-6,
        name,
      );
    });

    it(`${name}: leaky ReLU`, () => {
      const expected = linear.map((sum) => (sum > 0 ? sum : sum * 0.2));
      assertClose(
        run((plan) => equalSlopes(plan, 0.2, to)),
        expected,
        5e-6,
        name,
      );
    });
  }
});
