/** The plain kernel of every operation that needs no matrix product. */
import type { OperationKind } from '../../../graph/operations';
import * as batch from './batch';
import * as classification from './classification';
import * as elementWise from './element-wise';
import * as loss from './loss';
import * as normalisation from './normalisation';
import * as optimiser from './optimiser';
import type { PlainKernel } from './plain-kernel';
import * as spatial from './spatial';

/** Operations that TensorFlow.js’s own kernels compute: see `ProductKernels` in tensor-backend.ts. */
export type ProductKind = 'Conv2D' | 'Conv2DBackpropInput' | 'Conv2DBackpropFilter' | 'MatMul';

export type PlainKind = Exclude<OperationKind, ProductKind | 'Reshape'>;

export const plainKernels: { readonly [K in PlainKind]: PlainKernel<K> } = {
  Add: elementWise.add,
  Scale: elementWise.scale,
  BiasAdd: elementWise.biasAdd,
  ChannelSum: elementWise.channelSum,
  PRelu: elementWise.prelu,
  PReluGrad: elementWise.preluGrad,
  LeakyRelu: elementWise.leakyRelu,
  LeakyReluGrad: elementWise.leakyReluGrad,
  Sigmoid: elementWise.sigmoid,
  SigmoidGrad: elementWise.sigmoidGrad,
  BatchNormTraining: normalisation.batchNormTraining,
  BatchNormTrainingGrad: normalisation.batchNormTrainingGrad,
  BatchNormInference: normalisation.batchNormInference,
  MovingAverage: normalisation.movingAverage,
  PixelShuffle: spatial.pixelShuffle,
  PixelUnshuffle: spatial.pixelUnshuffle,
  MaxPool: spatial.maxPool,
  MaxPoolGrad: spatial.maxPoolGrad,
  MirrorPad: spatial.mirrorPad,
  BatchConcat: batch.batchConcat,
  BatchSplit: batch.batchSplit,
  MeanSquaredError: loss.meanSquaredError,
  MeanSquaredErrorGrad: loss.meanSquaredErrorGrad,
  SigmoidCrossEntropy: loss.sigmoidCrossEntropy,
  SigmoidCrossEntropyGrad: loss.sigmoidCrossEntropyGrad,
  SigmoidMean: loss.sigmoidMean,
  SoftmaxCrossEntropy: classification.softmaxCrossEntropy,
  SoftmaxCrossEntropyGrad: classification.softmaxCrossEntropyGrad,
  GlobalAverage: classification.globalAverage,
  GlobalAverageGrad: classification.globalAverageGrad,
  AdamUpdate: optimiser.adamUpdate,
};
