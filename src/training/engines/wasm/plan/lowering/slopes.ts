/** Slopes of rectifiers as our kernels take them: one float a channel. */
import type { OperationKind } from '../../../../graph/operations';
import { spread } from '../../kernels/channelwise';
import { fill } from '../../kernels/elementwise';
import type { Buffer } from '../buffer';
import type { PlanBuilder } from '../plan-builder';
import { at, channelSize, type Lowering, type Tensor } from './lowering';

/** The same slope for all channels; 0 is ReLU's. */
export function equalSlopes(plan: PlanBuilder, slope: number, channels: number): Buffer {
  return plan.derived(`slopes of ${slope} for ${channels} channels`, () => {
    const result = plan.temporary(channels);
    plan.call(fill, { result, value: slope, count: channels });
    return result;
  });
}

/** The slopes of a PReLU, which has one a channel or one a layer. */
export function channelSlopes(plan: PlanBuilder, alpha: Tensor, channels: number): Buffer {
  if (alpha.count === channels) return alpha.buffer;
  return plan.derived(`slopes of ${alpha.id} for ${channels}`, () => {
    const result = plan.temporary(channels);
    plan.call(spread, { result, x: alpha.buffer, channels });
    return result;
  });
}

/** The slopes of an operation's epilogue, if it has any. */
export function epilogueSlopes<K extends OperationKind>({
  plan,
  outputs,
  epilogue,
}: Lowering<K>): Buffer | undefined {
  const slope = epilogue?.slope;
  if (slope === undefined) return undefined;
  const { channels } = channelSize(at(outputs, 0));
  return typeof slope === 'number'
    ? equalSlopes(plan, slope, channels)
    : channelSlopes(plan, slope, channels);
}
