/** Convolutions: which algorithm computes which one. */
import { convolutionGeometry, type ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import { convolveDirect, inputGradientDirect } from './convolution';
import { filterGradient } from './filter-gradient';
import { at, type Lower } from './lowering';
import { convolveFewOutputs, inputGradientFewInputs, shiftingPays } from './shifted-convolution';
import { epilogueSlopes } from './slopes';
import { convolveWinograd, filterGradientWinograd, inputGradientWinograd, winogradFor } from './winograd';

/** Whether a convolution that makes so few channels is better computed by shifting. */
function canShift({ rows, columns }: ConvolutionGeometry, channels: number): boolean {
  return rows.stride === 1 && shiftingPays(columns.kernel, channels);
}

export const lowerConv2D: Lower<'Conv2D'> = (lowering) => {
  const { plan, inputs, outputs, attributes, settings, epilogue } = lowering;
  const [x, filter, y] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(x.shape, filter.shape, attributes);
  const winograd = winogradFor(geometry, settings);
  const tensors = { x, filter, y, bias: epilogue?.bias, slopes: epilogueSlopes(lowering) };
  if (winograd !== undefined) convolveWinograd(plan, winograd, geometry, tensors);
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
  else if (canShift(geometry, geometry.inputChannels)) inputGradientFewInputs(plan, geometry, tensors);
  else inputGradientDirect(plan, geometry, tensors);
};

export const lowerConv2DBackpropFilter: Lower<'Conv2DBackpropFilter'> = (lowering) => {
  const { plan, inputs, outputs, attributes, settings } = lowering;
  const [x, dy, dfilter] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(x.shape, attributes.filterShape, attributes);
  const winograd = winogradFor(geometry, settings);
  if (winograd === undefined) filterGradient(plan, geometry, { x, dy, dfilter });
  else filterGradientWinograd(plan, winograd, geometry, { x, dy, dfilter });
};
