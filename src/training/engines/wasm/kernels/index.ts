/** All kernels, and the module that they make. */
import { adamKernels } from './adam';
import { channelSumKernels } from './channel-sums';
import { channelwiseKernels } from './channelwise';
import { classificationKernels } from './classification';
import { convolutionKernels } from './convolution';
import { elementwiseKernels } from './elementwise';
import { type Kernel, KernelModule, type Target } from './kernel';
import { lossKernels } from './losses';
import { matrixProductKernels } from './matrix-product';
import { nestedGradientKernels } from './nested-gradient';
import { nestedTilesKernels } from './nested-tiles';
import { nestedWinogradKernels } from './nested-winograd';
import { packedFilterGradientKernels } from './packed-filter-gradient';
import { shiftedConvolutionKernels } from './shifted-convolution';
import { sigmoidKernels } from './sigmoid';
import { spatialKernels } from './spatial';
import { winogradKernels } from './winograd';

export const kernels: readonly Kernel[] = [
  ...elementwiseKernels,
  ...channelwiseKernels,
  ...channelSumKernels,
  ...lossKernels,
  ...sigmoidKernels,
  ...adamKernels,
  ...classificationKernels,
  ...spatialKernels,
  ...convolutionKernels,
  ...packedFilterGradientKernels,
  ...shiftedConvolutionKernels,
  ...matrixProductKernels,
  ...winogradKernels,
  ...nestedTilesKernels,
  ...nestedWinogradKernels,
  ...nestedGradientKernels,
];

/** The binary of a module with all kernels. */
export function encodeKernels(target: Target): Uint8Array<ArrayBuffer> {
  const module = new KernelModule(target);
  for (const definition of kernels) module.add(definition);
  return module.encode();
}
