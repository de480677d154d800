/** Lowerings of global average pooling and of multinomial cross-entropy: a call each. */
import {
  globalAverage,
  globalAverageGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
} from '../../kernels/classification';
import { at, imageSize, type Lower } from './lowering';

export const lowerGlobalAverage: Lower<'GlobalAverage'> = ({ plan, inputs, outputs }) => {
  const x = at(inputs, 0);
  const { images, height, width, channels } = imageSize(x.shape);
  const pixels = height * width;
  plan.call(globalAverage, {
    result: at(outputs, 0).buffer,
    x: x.buffer,
    factor: 1 / pixels,
    images,
    pixels,
    channels,
  });
};

export const lowerGlobalAverageGrad: Lower<'GlobalAverageGrad'> = ({ plan, inputs, outputs, attributes }) => {
  const dx = at(outputs, 0);
  const { images, channels } = imageSize(dx.shape);
  const pixels = attributes.height * attributes.width;
  plan.call(globalAverageGrad, {
    result: dx.buffer,
    dy: at(inputs, 0).buffer,
    factor: 1 / pixels,
    images,
    pixels,
    channels,
  });
};

export const lowerSoftmaxCrossEntropy: Lower<'SoftmaxCrossEntropy'> = ({ plan, inputs, outputs }) => {
  const logits = at(inputs, 0);
  const [rows, classes] = logits.shape as [number, number];
  plan.call(softmaxCrossEntropy, {
    result: at(outputs, 0).buffer,
    logits: logits.buffer,
    target: at(inputs, 1).buffer,
    rows,
    classes,
  });
};

export const lowerSoftmaxCrossEntropyGrad: Lower<'SoftmaxCrossEntropyGrad'> = (lowering) => {
  const { plan, inputs, outputs } = lowering;
  const logits = at(inputs, 1);
  const [rows, classes] = logits.shape as [number, number];
  plan.call(softmaxCrossEntropyGrad, {
    result: at(outputs, 0).buffer,
    dy: at(inputs, 0).buffer,
    logits: logits.buffer,
    target: at(inputs, 2).buffer,
    rows,
    classes,
  });
};
