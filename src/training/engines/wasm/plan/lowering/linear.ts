/** Convolutions: which algorithm computes which one. */
import { convolutionGeometry } from '../../../../graph/convolution-geometry';
import { convolveDirect, filterGradient, inputGradientDirect } from './convolution';
import { at, type Lower } from './lowering';

export const lowerConv2D: Lower<'Conv2D'> = ({ plan, inputs, outputs, attributes }) => {
  const [x, filter, y] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(x.shape, filter.shape, attributes);
  convolveDirect(plan, geometry, { x, filter, y });
};

export const lowerConv2DBackpropInput: Lower<'Conv2DBackpropInput'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const [dy, filter, dx] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(attributes.inputShape, filter.shape, attributes);
  inputGradientDirect(plan, geometry, { dy, filter, dx });
};

export const lowerConv2DBackpropFilter: Lower<'Conv2DBackpropFilter'> = (lowering) => {
  const { plan, inputs, outputs, attributes } = lowering;
  const [x, dy, dfilter] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  const geometry = convolutionGeometry(x.shape, attributes.filterShape, attributes);
  filterGradient(plan, geometry, { x, dy, dfilter });
};
