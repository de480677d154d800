/** One operation of a degradation in words: `blur: plateau 11×11, σ 2.19, β 1.10`. */
import type { Operation } from './draw';

export function operationInWords(operation: Operation): string {
  switch (operation.type) {
    case 'blur': {
      const { shape, size, sigmaX, sigmaY, rotation, beta } = operation;
      const isotropic = sigmaX === sigmaY;
      return [
        `blur: ${shape === 'generalised' ? 'generalised Gaussian' : shape === 'gaussian' ? 'Gaussian' : shape} ${size}×${size}`,
        isotropic ? `σ ${sigmaX.toFixed(2)}` : `σ ${sigmaX.toFixed(2)} and ${sigmaY.toFixed(2)}`,
        ...(isotropic ? [] : [`turned by ${rotation.toFixed(0)}°`]),
        ...(shape === 'gaussian' ? [] : [`β ${beta.toFixed(2)}`]),
      ].join(', ');
    }
    case 'sinc':
      return `sinc filter: ${operation.size}×${operation.size}, cut-off ${operation.cutoff.toFixed(2)} rad a pixel`;
    case 'resize': {
      const { of, factor, kernel, antialias } = operation;
      const size = of === 'lr' ? 'the LR size' : 'the size before';
      return `resizing: ${factor.toFixed(3)} of ${size}, ${kernel}${antialias ? ', antialiased' : ''}`;
    }
    case 'gaussian-noise':
      return `Gaussian noise: σ ${operation.sigma.toFixed(1)} grey levels${operation.grey ? ', grey' : ''}`;
    case 'poisson-noise':
      return `Poisson noise: times ${operation.scale.toFixed(2)}${operation.grey ? ', grey' : ''}`;
    case 'jpeg':
      return `JPEG: quality ${operation.quality}`;
  }
}
