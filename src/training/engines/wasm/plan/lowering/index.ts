/** The lowering of every operation of the vocabulary. */
import type { OperationKind } from '../../../../graph/operations';
import { lowerAdamUpdate } from './adam';
import { lowerBatchConcat, lowerBatchSplit } from './batch';
import * as classification from './classification';
import { lowerConv2D, lowerConv2DBackpropFilter, lowerConv2DBackpropInput } from './linear';
import type { Lower } from './lowering';
import { lowerMatMul } from './matrix';
import { lowerBatchNormInference, lowerBatchNormTraining, lowerBatchNormTrainingGrad } from './normalisation';
import * as simple from './simple';

/** `Reshape` moves nothing: its result is another name of its operand, which the compiler sees to. */
export const lowerings: { readonly [K in Exclude<OperationKind, 'Reshape'>]: Lower<K> } = {
  Conv2D: lowerConv2D,
  Conv2DBackpropInput: lowerConv2DBackpropInput,
  Conv2DBackpropFilter: lowerConv2DBackpropFilter,
  BiasAdd: simple.lowerBiasAdd,
  ChannelSum: simple.lowerChannelSum,
  MatMul: lowerMatMul,
  Add: simple.lowerAdd,
  Scale: simple.lowerScale,
  BatchNormTraining: lowerBatchNormTraining,
  BatchNormTrainingGrad: lowerBatchNormTrainingGrad,
  BatchNormInference: lowerBatchNormInference,
  MovingAverage: simple.lowerMovingAverage,
  PRelu: simple.lowerPRelu,
  PReluGrad: simple.lowerPReluGrad,
  LeakyRelu: simple.lowerLeakyRelu,
  LeakyReluGrad: simple.lowerLeakyReluGrad,
  Sigmoid: simple.lowerSigmoid,
  SigmoidGrad: simple.lowerSigmoidGrad,
  PixelShuffle: simple.lowerPixelShuffle,
  PixelUnshuffle: simple.lowerPixelUnshuffle,
  MaxPool: simple.lowerMaxPool,
  MaxPoolGrad: simple.lowerMaxPoolGrad,
  MirrorPad: simple.lowerMirrorPad,
  BatchConcat: lowerBatchConcat,
  BatchSplit: lowerBatchSplit,
  MeanSquaredError: simple.lowerMeanSquaredError,
  MeanSquaredErrorGrad: simple.lowerMeanSquaredErrorGrad,
  SigmoidCrossEntropy: simple.lowerSigmoidCrossEntropy,
  SigmoidCrossEntropyGrad: simple.lowerSigmoidCrossEntropyGrad,
  SigmoidMean: simple.lowerSigmoidMean,
  SoftmaxCrossEntropy: classification.lowerSoftmaxCrossEntropy,
  SoftmaxCrossEntropyGrad: classification.lowerSoftmaxCrossEntropyGrad,
  GlobalAverage: classification.lowerGlobalAverage,
  GlobalAverageGrad: classification.lowerGlobalAverageGrad,
  AdamUpdate: lowerAdamUpdate,
};
