import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  besselJ1,
  gaussianKernel,
  sincKernel,
  type BlurKernel,
  type GaussianParameters,
} from '../../../../src/imaging/degradation/blur-kernel';

const gaussian: GaussianParameters = {
  shape: 'gaussian',
  size: 41,
  sigmaX: 1,
  sigmaY: 1,
  rotation: 0,
  beta: 1,
};

/** Sum over the kernel of weight × f(x, y), with the origin in the middle. */
function moment({ size, weights }: BlurKernel, f: (x: number, y: number) => number): number {
  const radius = (size - 1) / 2;
  return weights.reduce(
    (sum, weight, i) => sum + weight * f((i % size) - radius, Math.floor(i / size) - radius),
    0,
  );
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} instead of ${expected}`);
}

describe('blur kernels', () => {
  it('sum to 1 and are symmetric about their middle', () => {
    const kernels = [
      sincKernel(21, 1.3),
      ...(['gaussian', 'generalised', 'plateau'] as const).flatMap((shape) =>
        [0.2, 1, 3].map((sigmaX) =>
          gaussianKernel({ shape, size: 21, sigmaX, sigmaY: 2, rotation: 30, beta: 1.7 }),
        ),
      ),
    ];
    for (const kernel of kernels) {
      assertNear(
        moment(kernel, () => 1),
        1,
        1e-12,
      );
      const turned = Float64Array.from(kernel.weights).reverse();
      for (const [i, weight] of kernel.weights.entries()) assertNear(weight, turned[i]!, 1e-15);
    }
  });

  it('a Gaussian has the covariance that its sigmas and rotation say', () => {
    const [sigmaX, sigmaY, rotation] = [3, 1.5, 25];
    const kernel = gaussianKernel({ ...gaussian, sigmaX, sigmaY, rotation });
    const angle = (rotation * Math.PI) / 180;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const tolerance = 1e-3;
    assertNear(
      moment(kernel, (x) => x * x),
      c * c * 9 + s * s * 2.25,
      tolerance,
    );
    assertNear(
      moment(kernel, (_, y) => y * y),
      s * s * 9 + c * c * 2.25,
      tolerance,
    );
    assertNear(
      moment(kernel, (x, y) => x * y),
      c * s * (9 - 2.25),
      tolerance,
    );
  });

  it('an isotropic Gaussian is the product of its line with itself, and no other kernel has a line', () => {
    const { line, weights, size } = gaussianKernel({ ...gaussian, sigmaX: 1.2, sigmaY: 1.2 });
    assert.ok(line !== undefined);
    for (let i = 0; i < weights.length; i++) {
      assertNear(line[i % size]! * line[Math.floor(i / size)]!, weights[i]!, 1e-8);
    }
    assert.equal(gaussianKernel({ ...gaussian, sigmaY: 2 }).line, undefined);
    assert.equal(gaussianKernel({ ...gaussian, shape: 'plateau' }).line, undefined);
  });

  it('the other shapes follow their formulas, and a generalised Gaussian of exponent 1 is a Gaussian', () => {
    const size = 5;
    const ratio = ({ weights }: BlurKernel): number => weights[2 * size + 4]! / weights[2 * size + 2]!;
    // Two pixels from the middle with sigma 1.6: d = 1.5625.
    const parameters = { ...gaussian, size, sigmaX: 1.6, sigmaY: 1.6, beta: 2 };
    assertNear(
      ratio(gaussianKernel({ ...parameters, shape: 'generalised' })),
      Math.exp(-(1.5625 ** 2) / 2),
      1e-12,
    );
    assertNear(ratio(gaussianKernel({ ...parameters, shape: 'plateau' })), 1 / (1 + 1.5625 ** 2), 1e-12);
    assert.deepEqual(
      gaussianKernel({ ...parameters, beta: 1, shape: 'generalised' }).weights,
      gaussianKernel({ ...parameters, beta: 1 }).weights,
    );
  });

  it('a sinc kernel lets low frequencies pass and stops high ones', () => {
    const kernel = sincKernel(51, Math.PI / 2);
    const response = (frequency: number): number => moment(kernel, (x) => Math.cos(frequency * x));
    assertNear(response(0.1 * Math.PI), 1, 0.05);
    assertNear(response(0.9 * Math.PI), 0, 0.05);
  });

  it('J₁ has its known values', () => {
    // Abramowitz and Stegun, tables 9.1 and 9.5.
    assertNear(besselJ1(0), 0, 1e-15);
    assertNear(besselJ1(1), 0.4400505857, 1e-10);
    assertNear(besselJ1(10), 0.0434727462, 1e-10);
    assertNear(besselJ1(3.8317059702), 0, 1e-10);
    assertNear(besselJ1(47.9014608872), 0, 1e-9);
  });
});
