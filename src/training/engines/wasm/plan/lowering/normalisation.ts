/** Batch normalisation: statistics in two passes (mean, then squares around it), then one pass that applies them. */
import {
  channelSquares,
  channelSums,
  combineSums,
  divideByDeviation,
  normalisationSums,
} from '../../kernels/channel-sums';
import { normalisationScale, normalise, normaliseGrad } from '../../kernels/channelwise';
import type { Buffer } from '../buffer';
import { at, channelSize, type Lower } from './lowering';
import { chunkCount } from './simple';

export const lowerBatchNormTraining: Lower<'BatchNormTraining'> = ({ plan, inputs, outputs, attributes }) => {
  const [x, gamma, beta] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  const [y, mean, variance] = [at(outputs, 0), at(outputs, 1), at(outputs, 2)];
  const size = channelSize(x);
  const { channels } = size;
  const chunks = chunkCount(size.pixels);
  const factor = 1 / size.pixels;
  const sums = plan.temporary(chunks * channels);
  plan.call(channelSums, { partials: sums, x: x.buffer, ...size });
  plan.call(combineSums, { result: mean.buffer, partials: sums, factor, chunks, channels });
  const squares = plan.temporary(chunks * channels);
  plan.call(channelSquares, { partials: squares, x: x.buffer, mean: mean.buffer, ...size });
  plan.call(combineSums, { result: variance.buffer, partials: squares, factor, chunks, channels });
  const scale = plan.temporary(channels);
  plan.call(normalisationScale, {
    result: scale,
    gamma: gamma.buffer,
    variance: variance.buffer,
    epsilon: attributes.epsilon,
    channels,
  });
  plan.call(normalise, {
    result: y.buffer,
    x: x.buffer,
    mean: mean.buffer,
    scale,
    shift: beta.buffer,
    ...size,
  });
};

export const lowerBatchNormTrainingGrad: Lower<'BatchNormTrainingGrad'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const [dy, x, gamma, mean, variance] = [0, 1, 2, 3, 4].map((i) => at(inputs, i).buffer);
  const [dx, dgamma, dbeta] = [at(outputs, 0), at(outputs, 1), at(outputs, 2)];
  const size = channelSize(at(inputs, 1));
  const { channels } = size;
  const { epsilon } = attributes;
  const chunks = chunkCount(size.pixels);
  const [sums, products] = [plan.temporary(chunks * channels), plan.temporary(chunks * channels)];
  plan.call(normalisationSums, { sums, products, dy, x, mean, ...size });
  const combine = (result: Buffer, partials: Buffer): void => {
    plan.call(combineSums, { result, partials, factor: 1, chunks, channels });
  };
  combine(dbeta.buffer, sums);
  const product = plan.temporary(channels);
  combine(product, products);
  plan.call(divideByDeviation, { result: dgamma.buffer, x: product, variance, epsilon, channels });
  const terms = plan.scratch(3 * (channels + 3));
  plan.call(normaliseGrad, {
    result: dx.buffer,
    dy,
    x,
    mean,
    variance,
    gamma,
    dgamma: dgamma.buffer,
    dbeta: dbeta.buffer,
    terms: terms.buffer,
    termsBytes: terms.bytesPerThread,
    epsilon,
    inverseCount: 1 / size.pixels,
    ...size,
  });
};

export const lowerBatchNormInference: Lower<'BatchNormInference'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const [x, gamma, beta, mean, variance] = [0, 1, 2, 3, 4].map((i) => at(inputs, i).buffer);
  const size = channelSize(at(inputs, 0));
  const scale = plan.temporary(size.channels);
  plan.call(normalisationScale, {
    result: scale,
    gamma,
    variance,
    epsilon: attributes.epsilon,
    channels: size.channels,
  });
  plan.call(normalise, { result: at(outputs, 0).buffer, x, mean, scale, shift: beta, ...size });
};
