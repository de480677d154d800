/** Operations of a degradation on pixels: all but JPEG, which needs an encoder (src/datasets). */
import { imresizeReal } from '../imresize';
import { gaussianKernel, sincKernel } from './blur-kernel';
import { streamOf, type Chance, type Operation } from './draw';
import { filterImage } from './filter';
import type { FloatImage } from './float-image';
import { addGaussianNoise, addPoissonNoise } from './noise';

/** What an operation may ask for besides its numbers. */
export interface Circumstances {
  chance: Chance;
  /** The size that LR will have. */
  lr: { width: number; height: number };
}

/** Changes the image in its place and returns it, or a new one where its size changes. */
export function applyOperation(
  image: FloatImage,
  operation: Exclude<Operation, { type: 'jpeg' }>,
  { chance, lr }: Circumstances,
): FloatImage {
  switch (operation.type) {
    case 'blur':
      return filterImage(image, gaussianKernel(operation));
    case 'sinc':
      return filterImage(image, sincKernel(operation.size, operation.cutoff));
    case 'resize': {
      const base = operation.of === 'lr' ? lr : image;
      const width = Math.max(1, Math.floor(operation.factor * base.width));
      const height = Math.max(1, Math.floor(operation.factor * base.height));
      if (width === image.width && height === image.height) return image;
      return imresizeReal(image, { width, height }, operation);
    }
    case 'gaussian-noise': {
      const { sigma, grey, stream } = operation;
      return addGaussianNoise(image, sigma, { grey, random: streamOf(chance, stream) });
    }
    case 'poisson-noise': {
      const { scale, grey, stream } = operation;
      return addPoissonNoise(image, scale, { grey, random: streamOf(chance, stream) });
    }
  }
}
