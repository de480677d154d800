/** Every operation of the embedded engine against plain double-precision JavaScript, on odd sizes too. */
import type { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import type { AttributesOf, OperationKind } from '../../../src/training/graph/operations';
import type { Shape } from '../../../src/training/graph/shape';
import { openEmbedded } from './support/embedded';
import * as reference from './support/references';
import { runOperation } from './support/single-operation';
import { assertClose, randomSource, randomTensor, type Reference } from './support/tensors';

const exact = 1e-7;
const rounded = 2e-6;

for (const simd of ['relaxed', 'plain'] as const) {
  describe(`embedded engine, operations (${simd} SIMD)`, () => {
    let engine: EmbeddedEngine;
    let random: () => number;
    before(async () => {
      engine = await openEmbedded({ simd, threads: 2 });
    });
    beforeEach(() => {
      random = randomSource(7);
    });
    after(() => engine.dispose());

    const tensor = (shape: Shape, scale?: number, offset?: number): Reference =>
      randomTensor(shape, random, scale, offset);

    async function check<K extends OperationKind>(
      kind: K,
      inputs: readonly Reference[],
      attributes: AttributesOf<K>,
      expected: readonly Float64Array[],
      tolerance: number,
    ): Promise<void> {
      const actual = await runOperation(engine, kind, inputs, attributes);
      const shapes = inputs.map(({ shape }) => `[${shape.join()}]`).join(' ');
      expected.forEach((data, i) => {
        assertClose(actual[i]!, data, tolerance, `${kind} ${shapes}, result ${i}`);
      });
    }

    const channelShapes: Shape[] = [
      [2, 5, 7, 3],
      [1, 3, 3, 1],
      [2, 6, 4, 16],
      [3, 9],
      [70, 5],
      [1, 13, 11, 18],
    ];

    it('BiasAdd', async () => {
      for (const shape of channelShapes) {
        const [x, bias] = [tensor(shape), tensor([shape.at(-1)!])];
        const expected = x.data.map((v, i) => v + bias.data[i % bias.data.length]!);
        await check('BiasAdd', [x, bias], {}, [expected], exact);
      }
    });

    it('ChannelSum', async () => {
      for (const shape of [...channelShapes, [2, 40, 41, 6]]) {
        const x = tensor(shape, 1, 0.3);
        await check('ChannelSum', [x], {}, [reference.channelSum(x)], rounded);
      }
    });

    it('MatMul in all transposes', async () => {
      for (const [rows, depth, columns] of [
        [4, 64, 32],
        [1, 1, 1],
        [3, 7, 5],
        [5, 18, 9],
        [16, 33, 1],
        [2, 130, 17],
      ] as const) {
        for (const transposeA of [false, true]) {
          for (const transposeB of [false, true]) {
            const a = tensor(transposeA ? [depth, rows] : [rows, depth]);
            const b = tensor(transposeB ? [columns, depth] : [depth, columns]);
            const product = reference.matMul(a, b, transposeA, transposeB);
            await check('MatMul', [a, b], { transposeA, transposeB }, [product], rounded);
          }
        }
      }
    });

    it('MovingAverage over the rows of values', async () => {
      for (const [rows, channels] of [
        [1, 5],
        [2, 64],
        [3, 7],
      ] as const) {
        const [average, values] = [tensor([channels]), tensor([rows, channels])];
        const expected = average.data.map((start, c) => {
          let running = start;
          for (let i = c; i < values.data.length; i += channels)
            running = 0.9 * running + 0.1 * values.data[i]!;
          return running;
        });
        await check('MovingAverage', [average, values], { momentum: 0.9 }, [expected], 4e-7);
      }
    });

    it('BatchConcat and BatchSplit', async () => {
      for (const [first, second, ...rest] of [
        [1, 1],
        [2, 3, 5],
        [4, 1, 3, 2, 7],
      ] as const) {
        const [a, b] = [tensor([first, ...rest]), tensor([second, ...rest])];
        const both = Float64Array.of(...a.data, ...b.data);
        await check('BatchConcat', [a, b], {}, [both], exact);
        const x = { shape: [first + second, ...rest], data: both };
        await check('BatchSplit', [x], { first }, [a.data, b.data], exact);
      }
    });

    it('Add and Scale', async () => {
      for (const shape of [[], [1], [5], [2, 3, 5, 7], [64]] as Shape[]) {
        const [a, b] = [tensor(shape), tensor(shape)];
        await check('Add', [a, b], {}, [a.data.map((v, i) => v + b.data[i]!)], exact);
        await check('Scale', [a], { factor: -0.37 }, [a.data.map((v) => v * -0.37)], exact);
      }
    });

    it('BatchNormTraining and its gradients', async () => {
      for (const shape of [...channelShapes, [2, 40, 41, 6], [6, 5, 7, 9]]) {
        for (const groups of [1, 2, 3].filter((count) => shape[0]! % count === 0)) {
          const attributes = { epsilon: 1e-3, groups };
          const channels = [shape.at(-1)!];
          const x = tensor(shape, 1.5, 4);
          const [gamma, beta, dy] = [tensor(channels, 1, 1), tensor(channels), tensor(shape)];
          const [y, mean, variance] = reference.inGroups(groups, [x], ([part]) =>
            reference.batchNormTraining(part!, gamma, beta, attributes.epsilon),
          );
          await check('BatchNormTraining', [x, gamma, beta], attributes, [y!, mean!, variance!], 5e-6);
          const single = (data: Float64Array): Reference => ({
            shape: [groups, ...channels],
            data: data.map(Math.fround),
          });
          const statistics = [single(mean!), single(variance!)] as const;
          const [dx, dgammas, dbetas] = reference.inGroups(groups, [dy, x, ...statistics], (parts) => {
            const [partDy, partX, partMean, partVariance] = parts as [
              Reference,
              Reference,
              Reference,
              Reference,
            ];
            return reference.batchNormTrainingGrad(
              partDy,
              partX,
              gamma,
              partMean,
              partVariance,
              attributes.epsilon,
            );
          });
          const overGroups = (data: Float64Array): Float64Array =>
            data.subarray(0, channels[0]).map((_, c) => {
              let total = 0;
              for (let i = c; i < data.length; i += channels[0]!) total += data[i]!;
              return total;
            });
          const gradients = [dx!, overGroups(dgammas!), overGroups(dbetas!)];
          await check('BatchNormTrainingGrad', [dy, x, gamma, ...statistics], attributes, gradients, 2e-5);
        }
      }
    });

    it('BatchNormInference', async () => {
      for (const shape of channelShapes) {
        const channels = [shape.at(-1)!];
        const [x, gamma, beta, mean] = [tensor(shape), tensor(channels), tensor(channels), tensor(channels)];
        const variance = {
          shape: channels,
          data: tensor(channels).data.map((v) => Math.fround(v * v + 0.1)),
        };
        const y = reference.batchNormInference(x, gamma, beta, mean, variance, 1e-5);
        await check('BatchNormInference', [x, gamma, beta, mean, variance], { epsilon: 1e-5 }, [y], rounded);
      }
    });

    it('PRelu and its gradients, a slope a channel or a layer', async () => {
      for (const shape of channelShapes) {
        for (const slopes of [1, shape.at(-1)!]) {
          const [x, alpha, dy] = [tensor(shape), tensor([slopes], 0.2, 0.25), tensor(shape)];
          x.data[0] = 0;
          const y = x.data.map((v, i) => (v > 0 ? v : v * alpha.data[i % slopes]!));
          await check('PRelu', [x, alpha], {}, [y], exact);
          await check('PReluGrad', [dy, x, alpha], {}, reference.preluGrad(dy, x, alpha), rounded);
        }
      }
    });

    it('LeakyRelu and its gradient', async () => {
      for (const shape of channelShapes) {
        for (const slope of [0, 0.2]) {
          const [x, dy] = [tensor(shape), tensor(shape)];
          x.data[0] = 0;
          await check('LeakyRelu', [x], { slope }, [x.data.map((v) => (v > 0 ? v : v * slope))], exact);
          const dx = dy.data.map((d, i) => (x.data[i]! > 0 ? d : d * slope));
          await check('LeakyReluGrad', [dy, x], { slope }, [dx], exact);
        }
      }
    });

    it('Sigmoid and its gradient', async () => {
      for (const shape of channelShapes) {
        const [x, dy] = [tensor(shape, 3), tensor(shape)];
        x.data.set([-200, 200].slice(0, x.data.length));
        const y = x.data.map((v) => 1 / (1 + Math.exp(-v)));
        await check('Sigmoid', [x], {}, [y], rounded);
        const result = { shape, data: y };
        await check(
          'SigmoidGrad',
          [dy, result],
          {},
          [dy.data.map((d, i) => d * y[i]! * (1 - y[i]!))],
          rounded,
        );
      }
    });

    it('PixelShuffle and PixelUnshuffle', async () => {
      for (const [shape, factor] of [
        [[2, 6, 4, 8], 2],
        [[1, 9, 3, 3], 3],
        [[2, 4, 8, 1], 4],
        [[1, 4, 6, 5], 2],
      ] as [Shape, number][]) {
        const image = tensor(shape);
        const [n, h, w, c] = shape as [number, number, number, number];
        const packed = new Float64Array(image.data.length);
        reference.forShuffled(shape, factor, (i, p) => (packed[p] = image.data[i]!));
        const packedShape = [n, h / factor, w / factor, c * factor * factor];
        await check('PixelUnshuffle', [image], { factor }, [packed], 0);
        await check('PixelShuffle', [{ shape: packedShape, data: packed }], { factor }, [image.data], 0);
      }
    });

    it('MaxPool and its gradient, odd sides, ties', async () => {
      for (const shape of [
        [2, 6, 8, 16],
        [1, 5, 7, 3],
        [2, 2, 2, 5],
        [1, 3, 2, 4],
      ] as Shape[]) {
        const x = tensor(shape);
        x.data.forEach((v, i) => (x.data[i] = Math.round(v * 2) / 2));
        const pooled: number[] = [];
        const dx = new Float64Array(x.data.length);
        const [n, h, w, c] = shape as [number, number, number, number];
        const dy = tensor([n, Math.floor(h / 2), Math.floor(w / 2), c]);
        reference.forWindows(shape, (p, window) => {
          const maximum = Math.max(...window.map((i) => x.data[i]!));
          pooled[p] = maximum;
          dx[window.find((i) => x.data[i] === maximum)!] = dy.data[p]!;
        });
        await check('MaxPool', [x], {}, [Float64Array.from(pooled)], 0);
        await check('MaxPoolGrad', [dy, x], {}, [dx], 0);
      }
    });

    it('MirrorPad, also further than the image is large', async () => {
      for (const [shape, amount] of [
        [[2, 5, 7, 3], 3],
        [[1, 2, 3, 4], 9],
        [[1, 1, 1, 1], 4],
      ] as [Shape, number][]) {
        const x = tensor(shape);
        await check('MirrorPad', [x], { amount }, [reference.mirrorPad(x, amount)], 0);
      }
    });

    it('MeanSquaredError and its gradient', async () => {
      for (const shape of [[1], [3, 5], [4, 24, 24, 3], [2, 33, 31, 3]] as Shape[]) {
        const [prediction, target, dy] = [tensor(shape), tensor(shape), tensor([])];
        const difference = prediction.data.map((v, i) => v - target.data[i]!);
        const loss = Float64Array.of(reference.mean(difference.map((d) => d * d)));
        await check('MeanSquaredError', [prediction, target], {}, [loss], 5e-7);
        const gradient = difference.map((d) => (dy.data[0]! * 2 * d) / difference.length);
        await check('MeanSquaredErrorGrad', [dy, prediction, target], {}, [gradient], 5e-7);
      }
    });

    it('SigmoidCrossEntropy, its gradient, SigmoidMean, at extreme logits too', async () => {
      for (const scale of [1, 60, 1e5]) {
        for (const target of [0, 1] as const) {
          const logits = tensor([7, 1], scale);
          const dy = tensor([]);
          const losses = logits.data.map(
            (x) => Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x))),
          );
          const loss = Float64Array.of(reference.mean(losses));
          await check('SigmoidCrossEntropy', [logits], { target }, [loss], exact);
          const gradient = logits.data.map((x) => (dy.data[0]! * (reference.sigmoid(x) - target)) / 7);
          await check('SigmoidCrossEntropyGrad', [dy, logits], { target }, [gradient], exact);
          const mean = Float64Array.of(reference.mean(logits.data.map(reference.sigmoid)));
          await check('SigmoidMean', [logits], {}, [mean], exact);
        }
      }
    });

    it('SoftmaxCrossEntropy and its gradient, at extreme logits too', async () => {
      for (const [rows, classes] of [
        [1, 2],
        [5, 10],
        [33, 7],
      ] as const) {
        for (const scale of [1, 60, 1e5]) {
          const [logits, dy] = [tensor([rows, classes], scale), tensor([])];
          const target = { shape: logits.shape, data: new Float64Array(rows * classes) };
          for (let row = 0; row < rows; row++) target.data[row * classes + (row % classes)] = 1;
          const { loss, shares } = reference.softmaxCrossEntropy(logits, target);
          await check('SoftmaxCrossEntropy', [logits, target], {}, [Float64Array.of(loss)], exact);
          const gradient = shares.map((share, i) => (dy.data[0]! * (share - target.data[i]!)) / rows);
          await check('SoftmaxCrossEntropyGrad', [dy, logits, target], {}, [gradient], exact);
        }
      }
    });

    it('GlobalAverage and its gradient', async () => {
      for (const shape of [
        [2, 5, 7, 3],
        [1, 1, 1, 4],
        [3, 12, 12, 18],
      ] as [number, number, number, number][]) {
        const [batch, height, width, channels] = shape;
        const [x, dy] = [tensor(shape), tensor([batch, channels])];
        const mean = new Float64Array(batch * channels);
        const dx = new Float64Array(x.data.length);
        x.data.forEach((value, i) => {
          const to = Math.floor(i / (height * width * channels)) * channels + (i % channels);
          mean[to]! += value / (height * width);
          dx[i] = dy.data[to]! / (height * width);
        });
        await check('GlobalAverage', [x], {}, [mean], 5e-7);
        await check('GlobalAverageGrad', [dy], { height, width }, [dx], exact);
      }
    });

    it('AdamUpdate', async () => {
      const [beta1, beta2] = [0.9, 0.999];
      for (const shape of [[1], [5], [3, 3, 4, 7]] as Shape[]) {
        const [parameter, m, gradient] = [tensor(shape), tensor(shape), tensor(shape)];
        const v = { shape, data: tensor(shape).data.map((x) => Math.fround(x * x)) };
        const [stepSize, epsilon] = [tensor([], 0, 1e-3), tensor([], 0, 1e-6)];
        const newM = m.data.map((x, i) => beta1 * x + (1 - beta1) * gradient.data[i]!);
        const newV = v.data.map((x, i) => beta2 * x + (1 - beta2) * gradient.data[i]! ** 2);
        const next = parameter.data.map(
          (p, i) => p - (stepSize.data[0]! * newM[i]!) / (Math.sqrt(newV[i]!) + epsilon.data[0]!),
        );
        const operands = [parameter, m, v, gradient, stepSize, epsilon];
        await check('AdamUpdate', operands, { beta1, beta2 }, [next, newM, newV], 3e-7);
      }
    });
  });
}
