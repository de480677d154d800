/** Lowerings that are little more than one call: flat and channelwise operations, spatial ones, losses. */
import { biasAdd, movingAverage, prelu } from '../../kernels/channelwise';
import { channelSums, CHUNK_PIXELS, combineSums, preluGrad } from '../../kernels/channel-sums';
import { add, leakyRelu, leakyReluGrad, meanSquaredErrorGrad, scale } from '../../kernels/elementwise';
import {
  CHUNK_ELEMENTS,
  sigmoidCrossEntropy,
  sigmoidCrossEntropyGrad,
  sigmoidMean,
  squaredErrors,
  total,
} from '../../kernels/losses';
import { sigmoid, sigmoidGrad } from '../../kernels/sigmoid';
import { maxPool, maxPoolGrad, mirrorPad, pixelShuffle, pixelUnshuffle } from '../../kernels/spatial';
import { at, channelSize, imageSize, type Lower } from './lowering';
import { channelSlopes } from './slopes';

/** The chunks that sums over so many pixels are made of. */
export function chunkCount(pixels: number): number {
  return Math.ceil(pixels / CHUNK_PIXELS);
}

export const lowerBiasAdd: Lower<'BiasAdd'> = ({ plan, inputs, outputs }) => {
  const x = at(inputs, 0);
  plan.call(biasAdd, {
    result: at(outputs, 0).buffer,
    x: x.buffer,
    bias: at(inputs, 1).buffer,
    ...channelSize(x),
  });
};

export const lowerChannelSum: Lower<'ChannelSum'> = ({ plan, inputs, outputs }) => {
  const x = at(inputs, 0);
  const size = channelSize(x);
  const chunks = chunkCount(size.pixels);
  const partials = plan.temporary(chunks * size.channels);
  plan.call(channelSums, { partials, x: x.buffer, ...size });
  plan.call(combineSums, {
    result: at(outputs, 0).buffer,
    partials,
    factor: 1,
    chunks,
    channels: size.channels,
  });
};

export const lowerAdd: Lower<'Add'> = ({ plan, inputs, outputs }) => {
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  plan.call(add, { result: at(outputs, 0).buffer, a: a.buffer, b: b.buffer, count: a.count });
};

export const lowerScale: Lower<'Scale'> = ({ plan, inputs, outputs, attributes }) => {
  const x = at(inputs, 0);
  plan.call(scale, {
    result: at(outputs, 0).buffer,
    x: x.buffer,
    factor: attributes.factor,
    count: x.count,
  });
};

export const lowerMovingAverage: Lower<'MovingAverage'> = ({ plan, inputs, outputs, attributes }) => {
  const [average, values, updated] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  plan.call(movingAverage, {
    result: updated.buffer,
    average: average.buffer,
    values: values.buffer,
    momentum: attributes.momentum,
    rest: 1 - attributes.momentum,
    rows: values.count / average.count,
    count: average.count,
  });
};

export const lowerPRelu: Lower<'PRelu'> = ({ plan, inputs, outputs }) => {
  const x = at(inputs, 0);
  const size = channelSize(x);
  const alpha = channelSlopes(plan, at(inputs, 1), size.channels);
  plan.call(prelu, { result: at(outputs, 0).buffer, x: x.buffer, alpha, ...size });
};

export const lowerPReluGrad: Lower<'PReluGrad'> = ({ plan, inputs, outputs }) => {
  const [dy, x, alpha] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  const [dx, dalpha] = [at(outputs, 0), at(outputs, 1)];
  const size = channelSize(x);
  const chunks = chunkCount(size.pixels);
  const slopeSums = plan.temporary(chunks * size.channels);
  plan.call(preluGrad, {
    dx: dx.buffer,
    slopeSums,
    dy: dy.buffer,
    x: x.buffer,
    alpha: channelSlopes(plan, alpha, size.channels),
    ...size,
  });
  if (alpha.count === size.channels) {
    plan.call(combineSums, {
      result: dalpha.buffer,
      partials: slopeSums,
      factor: 1,
      chunks,
      channels: size.channels,
    });
  } else {
    plan.call(total, { result: dalpha.buffer, x: slopeSums, factor: 1, count: chunks * size.channels });
  }
};

export const lowerLeakyRelu: Lower<'LeakyRelu'> = ({ plan, inputs, outputs, attributes }) => {
  const x = at(inputs, 0);
  plan.call(leakyRelu, {
    result: at(outputs, 0).buffer,
    x: x.buffer,
    slope: attributes.slope,
    count: x.count,
  });
};

export const lowerLeakyReluGrad: Lower<'LeakyReluGrad'> = ({ plan, inputs, outputs, attributes }) => {
  const dy = at(inputs, 0);
  plan.call(leakyReluGrad, {
    result: at(outputs, 0).buffer,
    dy: dy.buffer,
    y: at(inputs, 1).buffer,
    slope: attributes.slope,
    count: dy.count,
  });
};

export const lowerSigmoid: Lower<'Sigmoid'> = ({ plan, inputs, outputs }) => {
  const x = at(inputs, 0);
  plan.call(sigmoid, { result: at(outputs, 0).buffer, x: x.buffer, count: x.count });
};

export const lowerSigmoidGrad: Lower<'SigmoidGrad'> = ({ plan, inputs, outputs }) => {
  const [dy, y] = [at(inputs, 0), at(inputs, 1)];
  plan.call(sigmoidGrad, { result: at(outputs, 0).buffer, dy: dy.buffer, y: y.buffer, count: dy.count });
};

export const lowerPixelShuffle: Lower<'PixelShuffle'> = ({ plan, inputs, outputs, attributes }) => {
  const [x, y] = [at(inputs, 0), at(outputs, 0)];
  const { factor } = attributes;
  const channels = imageSize(y.shape).channels;
  plan.call(pixelShuffle, { result: y.buffer, x: x.buffer, ...imageSize(x.shape), channels, factor });
};

export const lowerPixelUnshuffle: Lower<'PixelUnshuffle'> = ({ plan, inputs, outputs, attributes }) => {
  const [x, y] = [at(inputs, 0), at(outputs, 0)];
  const { factor } = attributes;
  const channels = imageSize(x.shape).channels;
  plan.call(pixelUnshuffle, { result: y.buffer, x: x.buffer, ...imageSize(y.shape), channels, factor });
};

export const lowerMaxPool: Lower<'MaxPool'> = ({ plan, inputs, outputs }) => {
  const x = at(inputs, 0);
  plan.call(maxPool, { result: at(outputs, 0).buffer, x: x.buffer, ...imageSize(x.shape) });
};

export const lowerMaxPoolGrad: Lower<'MaxPoolGrad'> = ({ plan, inputs, outputs }) => {
  const [dy, x] = [at(inputs, 0), at(inputs, 1)];
  plan.call(maxPoolGrad, {
    result: at(outputs, 0).buffer,
    dy: dy.buffer,
    x: x.buffer,
    ...imageSize(x.shape),
  });
};

export const lowerMirrorPad: Lower<'MirrorPad'> = ({ plan, inputs, outputs, attributes }) => {
  const x = at(inputs, 0);
  const size = imageSize(x.shape);
  const { amount } = attributes;
  // Whole periods added before the remainder is taken, which is of unsigned numbers.
  const lift = (side: number): number => 2 * side * Math.ceil(amount / (2 * side));
  plan.call(mirrorPad, {
    result: at(outputs, 0).buffer,
    x: x.buffer,
    ...size,
    amount,
    liftHeight: lift(size.height),
    liftWidth: lift(size.width),
  });
};

export const lowerMeanSquaredError: Lower<'MeanSquaredError'> = ({ plan, inputs, outputs }) => {
  const [prediction, target] = [at(inputs, 0), at(inputs, 1)];
  const chunks = Math.ceil(prediction.count / CHUNK_ELEMENTS);
  const partials = plan.temporary(chunks * 4);
  plan.call(squaredErrors, {
    partials,
    prediction: prediction.buffer,
    target: target.buffer,
    count: prediction.count,
  });
  plan.call(total, {
    result: at(outputs, 0).buffer,
    x: partials,
    factor: 1 / prediction.count,
    count: chunks * 4,
  });
};

export const lowerMeanSquaredErrorGrad: Lower<'MeanSquaredErrorGrad'> = ({ plan, inputs, outputs }) => {
  const [dy, prediction, target] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  plan.call(meanSquaredErrorGrad, {
    result: at(outputs, 0).buffer,
    dy: dy.buffer,
    prediction: prediction.buffer,
    target: target.buffer,
    factor: 2 / prediction.count,
    count: prediction.count,
  });
};

export const lowerSigmoidCrossEntropy: Lower<'SigmoidCrossEntropy'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const logits = at(inputs, 0);
  plan.call(sigmoidCrossEntropy, {
    result: at(outputs, 0).buffer,
    logits: logits.buffer,
    target: attributes.target,
    count: logits.count,
  });
};

export const lowerSigmoidCrossEntropyGrad: Lower<'SigmoidCrossEntropyGrad'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const [dy, logits] = [at(inputs, 0), at(inputs, 1)];
  plan.call(sigmoidCrossEntropyGrad, {
    result: at(outputs, 0).buffer,
    dy: dy.buffer,
    logits: logits.buffer,
    target: attributes.target,
    count: logits.count,
  });
};

export const lowerSigmoidMean: Lower<'SigmoidMean'> = ({ plan, inputs, outputs }) => {
  const logits = at(inputs, 0);
  plan.call(sigmoidMean, { result: at(outputs, 0).buffer, logits: logits.buffer, count: logits.count });
};
