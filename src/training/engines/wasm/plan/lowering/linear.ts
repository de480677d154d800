/** Convolutions: which algorithm computes which one. */
import { convolutionGeometry, type ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import { convolveDirect, inputGradientDirect } from './convolution';
import { filterGradient } from './filter-gradient';
import { foldNormalisation } from './folded-normalisation';
import { at, type Lower } from './lowering';
import { convolveNested, filterGradientNested, inputGradientNested, nestingPays } from './nested-winograd';
import { convolveFewOutputs, inputGradientFewInputs, shiftingPays } from './shifted-convolution';
import { epilogueSlopes } from './slopes';
import { convolveWinograd, filterGradientWinograd, inputGradientWinograd, winogradFor } from './winograd';

/** Whether a convolution that makes so few channels is better computed by shifting. */
function canShift({ rows, columns }: ConvolutionGeometry, channels: number): boolean {
  return rows.stride === 1 && shiftingPays(columns.kernel, channels);
}

export const lowerConv2D: Lower<'Conv2D'> = (lowering) => {
  const { plan, inputs, outputs, attributes, settings, epilogue } = lowering;
  const [x, y] = [at(inputs, 0), at(outputs, 0)];
  const { filter, bias } = foldNormalisation(plan, at(inputs, 1), epilogue);
  const geometry = convolutionGeometry(x.shape, filter.shape, attributes);
  const winograd = winogradFor(geometry, settings);
  const tensors = { x, filter, y, bias, slopes: epilogueSlopes(lowering) };
  if (winograd !== undefined) convolveWinograd(plan, winograd, geometry, tensors);
  else if (nestingPays(geometry, settings)) convolveNested(plan, geometry, tensors);
  else if (canShift(geometry, geometry.outputChannels)) convolveFewOutputs(plan, geometry, tensors);
  else convolveDirect(plan, geometry, tensors);
};

export const lowerConv2DBackpropInput: Lower<'Conv2DBackpropInput'> = (lowering) => {
  const { plan, inputs, outputs, attributes, settings } = lowering;
  const [dy, filter, dx] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(attributes.inputShape, filter.shape, attributes);
  const winograd = winogradFor(geometry, settings);
  const tensors = { dy, filter, dx };
  if (winograd !== undefined) inputGradientWinograd(plan, winograd, geometry, tensors);
  else if (nestingPays(geometry, settings)) inputGradientNested(plan, geometry, tensors);
  else if (canShift(geometry, geometry.inputChannels)) inputGradientFewInputs(plan, geometry, tensors);
  else inputGradientDirect(plan, geometry, tensors);
};

export const lowerConv2DBackpropFilter: Lower<'Conv2DBackpropFilter'> = (lowering) => {
  const { plan, inputs, outputs, attributes, settings } = lowering;
  const [x, dy, dfilter] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(x.shape, attributes.filterShape, attributes);
  const winograd = winogradFor(geometry, settings);
  const tensors = { x, dy, dfilter };
  if (winograd !== undefined) filterGradientWinograd(plan, winograd, geometry, tensors);
  else if (nestingPays(geometry, settings)) filterGradientNested(plan, geometry, tensors);
  else filterGradient(plan, geometry, tensors);
};
