/** Bias and rectification in the convolutions' own stores: each algorithm against the same in double precision. */
import {
  strided3Kernels,
  strided4Kernels,
  winograd2Kernels,
  winograd4Kernels,
  winograd6Kernels,
} from '../../../src/training/engines/wasm/kernels/winograd';
import {
  type ConvolutionTensors,
  convolveDirect,
} from '../../../src/training/engines/wasm/plan/lowering/convolution';
import type { Tensor } from '../../../src/training/engines/wasm/plan/lowering/lowering';
import { convolveNested } from '../../../src/training/engines/wasm/plan/lowering/nested-winograd';
import { convolveFewOutputs } from '../../../src/training/engines/wasm/plan/lowering/shifted-convolution';
import { equalSlopes } from '../../../src/training/engines/wasm/plan/lowering/slopes';
import { convolveWinograd } from '../../../src/training/engines/wasm/plan/lowering/winograd';
import { PlanBuilder } from '../../../src/training/engines/wasm/plan/plan-builder';
import {
  type ConvolutionGeometry,
  convolutionGeometry,
  convolutionOutputShape,
} from '../../../src/training/graph/convolution-geometry';
import * as reference from './support/references';
import { runPlan } from './support/run-plan';
import { assertClose, randomSource, randomTensor, type Reference } from './support/tensors';

type Convolve = (plan: PlanBuilder, geometry: ConvolutionGeometry, tensors: ConvolutionTensors) => void;

const algorithms: {
  name: string;
  from?: number;
  to: number;
  kernel: number;
  stride: number;
  convolve: Convolve;
}[] = [
  { name: 'direct', to: 13, kernel: 3, stride: 2, convolve: convolveDirect },
  { name: 'shifted', to: 3, kernel: 5, stride: 1, convolve: convolveFewOutputs },
  { name: 'nested, to few channels', from: 16, to: 3, kernel: 9, stride: 1, convolve: convolveNested },
  { name: 'nested, from few channels', from: 3, to: 18, kernel: 6, stride: 1, convolve: convolveNested },
  ...[winograd6Kernels, winograd4Kernels, winograd2Kernels, strided4Kernels, strided3Kernels].flatMap(
    (kernels) =>
      // Few channels for the tiles, then many, which are computed panel by panel.
      [13, 50].map((to) => ({
        name: `Winograd ${kernels.forward.name}, ${to} channels`,
        to,
        kernel: 3,
        stride: kernels.stride,
        convolve: ((plan, geometry, tensors) => {
          convolveWinograd(plan, kernels, geometry, tensors);
        }) satisfies Convolve,
      })),
  ),
];

describe('embedded engine, convolutions with bias and rectification', () => {
  for (const { name, from = 9, to, kernel, stride, convolve } of algorithms) {
    const windows = { stride, padding: 'same' as const };
    const random = randomSource(5);
    const x = randomTensor([2, 7, 9, from], random, 1, 0.2);
    const filter = randomTensor([kernel, kernel, from, to], random, 0.2);
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
      const geometry = convolutionGeometry(x.shape, filter.shape, windows);
      const y = tensor({ shape: convolutionOutputShape(geometry), data: linear }, 4);
      convolve(plan, geometry, {
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

  it('nested: a wide image in strips', () => {
    const random = randomSource(6);
    const windows = { stride: 1, padding: 'same' as const };
    const x = randomTensor([1, 31, 3000, 16], random);
    const filter = randomTensor([9, 9, 16, 1], random, 0.2);
    const plan = new PlanBuilder(2);
    const tensor = ({ shape, data }: Reference, id: number): Tensor => {
      return { id, shape, count: data.length, buffer: plan.temporary(data.length) };
    };
    const expected = reference.conv2D(x, filter, windows);
    const [input, taps] = [tensor(x, 0), tensor(filter, 1)];
    const y = tensor({ shape: [1, 31, 3000, 1], data: expected }, 2);
    convolveNested(plan, convolutionGeometry(x.shape, filter.shape, windows), { x: input, filter: taps, y });
    const inputs = new Map([
      [input.buffer, x.data],
      [taps.buffer, filter.data],
    ]);
    const [result] = runPlan(plan, inputs, [y.buffer]);
    assertClose(result!, expected, 5e-6, 'strips');
  });
});
