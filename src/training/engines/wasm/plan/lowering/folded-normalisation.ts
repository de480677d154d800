/**
 * Batch normalisation by given statistics as part of the convolution before it: both are linear, so its filter and bias
 * take over the factor and the offset of each channel.
 */
import { normalisationScale, normalise, scaleChannels } from '../../kernels/channelwise';
import { fill } from '../../kernels/elementwise';
import type { Buffer } from '../buffer';
import type { PlanBuilder } from '../plan-builder';
import { channelSize, type Epilogue, type Tensor } from './lowering';

/** Filter [kh, kw, ci, co] and bias [co] of the convolution that computes `epilogue` as well, but for its rectifier. */
export function foldNormalisation(
  plan: PlanBuilder,
  filter: Tensor,
  epilogue: Epilogue | undefined,
): { filter: Tensor; bias: Tensor | undefined } {
  const { bias, normalisation } = epilogue ?? {};
  if (normalisation === undefined) return { filter, bias };
  const { gamma, beta, mean, variance, epsilon } = normalisation;
  const size = channelSize(filter);
  const { channels } = size;
  const scale = plan.temporary(channels);
  plan.call(normalisationScale, {
    result: scale,
    gamma: gamma.buffer,
    variance: variance.buffer,
    epsilon,
    channels,
  });
  const scaled = plan.temporary(filter.count);
  plan.call(scaleChannels, { result: scaled, x: filter.buffer, factors: scale, ...size });
  const offset = plan.temporary(channels);
  plan.call(normalise, {
    result: offset,
    x: bias?.buffer ?? zeros(plan, channels),
    mean: mean.buffer,
    scale,
    shift: beta.buffer,
    slopes: undefined,
    pixels: 1,
    channels,
  });
  return {
    filter: { ...filter, id: plan.newId(), buffer: scaled },
    bias: { ...beta, id: plan.newId(), buffer: offset },
  };
}

function zeros(plan: PlanBuilder, channels: number): Buffer {
  return plan.derived(`${channels} zeros`, () => {
    const result = plan.temporary(channels);
    plan.call(fill, { result, value: 0, count: channels });
    return result;
  });
}
