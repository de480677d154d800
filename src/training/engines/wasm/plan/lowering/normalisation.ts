/** Batch normalisation: statistics in two passes (mean, then squares around it), then one pass that applies them. */
import {
  channelSquares,
  channelSums,
  combineSums,
  divideByDeviation,
  normalisationSums,
} from '../../kernels/channel-sums';
import { normalisationScale, normalise, normaliseGrad } from '../../kernels/channelwise';
import type { Buffer, Place } from '../buffer';
import { at, channelSize, type Lower, type Tensor } from './lowering';
import { chunkCount } from './simple';
import { epilogueSlopes } from './slopes';

/** Where each of `groups` equal parts of a batch lies in tensors of its size, and of the size of its statistics. */
function groupsOf(x: Tensor, groups: number) {
  const { pixels, channels } = channelSize(x);
  const size = { pixels: pixels / groups, channels };
  return Array.from({ length: groups }, (_, group) => ({
    size,
    chunks: chunkCount(size.pixels),
    part: (buffer: Buffer): Place => buffer.at(group * size.pixels * channels),
    row: (buffer: Buffer): Place => buffer.at(group * channels),
  }));
}

export const lowerBatchNormTraining: Lower<'BatchNormTraining'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const slopes = epilogueSlopes(lowering);
  const [x, gamma, beta] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  const [y, mean, variance] = [at(outputs, 0), at(outputs, 1), at(outputs, 2)];
  for (const { size, chunks, part, row } of groupsOf(x, attributes.groups)) {
    const { pixels, channels } = size;
    const combined = { factor: 1 / pixels, chunks, channels };
    const ofGroup = { x: part(x.buffer), mean: row(mean.buffer), ...size };
    const sums = plan.temporary(chunks * channels);
    plan.call(channelSums, { partials: sums, x: ofGroup.x, ...size });
    plan.call(combineSums, { result: ofGroup.mean, partials: sums, ...combined });
    const squares = plan.temporary(chunks * channels);
    plan.call(channelSquares, { partials: squares, ...ofGroup });
    plan.call(combineSums, { result: row(variance.buffer), partials: squares, ...combined });
    const scale = plan.temporary(channels);
    plan.call(normalisationScale, {
      result: scale,
      gamma: gamma.buffer,
      variance: row(variance.buffer),
      epsilon: attributes.epsilon,
      channels,
    });
    plan.call(normalise, { result: part(y.buffer), scale, shift: beta.buffer, slopes, ...ofGroup });
  }
};

export const lowerBatchNormTrainingGrad: Lower<'BatchNormTrainingGrad'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const [dy, x, gamma, mean, variance] = [0, 1, 2, 3, 4].map((i) => at(inputs, i).buffer) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const [dx, dgamma, dbeta] = [at(outputs, 0), at(outputs, 1), at(outputs, 2)];
  const { epsilon, groups } = attributes;
  const { channels } = channelSize(at(inputs, 1));
  // The parameters' gradients of each group: dx of a group needs its own.
  const [groupGammas, groupBetas] = [plan.temporary(groups * channels), plan.temporary(groups * channels)];
  for (const { size, chunks, part, row } of groupsOf(at(inputs, 1), groups)) {
    const combined = { factor: 1, chunks, channels };
    const ofGroup = { dy: part(dy), x: part(x), mean: row(mean) };
    const [sums, products] = [plan.temporary(chunks * channels), plan.temporary(chunks * channels)];
    plan.call(normalisationSums, { sums, products, ...ofGroup, ...size });
    plan.call(combineSums, { result: row(groupBetas), partials: sums, ...combined });
    const product = plan.temporary(channels);
    plan.call(combineSums, { result: product, partials: products, ...combined });
    plan.call(divideByDeviation, {
      result: row(groupGammas),
      x: product,
      variance: row(variance),
      epsilon,
      channels,
    });
    const terms = plan.scratch(3 * (channels + 3));
    plan.call(normaliseGrad, {
      result: part(dx.buffer),
      ...ofGroup,
      variance: row(variance),
      gamma,
      dgamma: row(groupGammas),
      dbeta: row(groupBetas),
      terms: terms.buffer,
      termsBytes: terms.bytesPerThread,
      epsilon,
      inverseCount: 1 / size.pixels,
      ...size,
    });
  }
  const overGroups = { factor: 1, chunks: groups, channels };
  plan.call(combineSums, { result: dgamma.buffer, partials: groupGammas, ...overGroups });
  plan.call(combineSums, { result: dbeta.buffer, partials: groupBetas, ...overGroups });
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
  const slopes = epilogueSlopes(lowering);
  plan.call(normalise, { result: at(outputs, 0).buffer, x, mean, scale, shift: beta, slopes, ...size });
};
