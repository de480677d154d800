/**
 * Symmetric matrices, row by row: eigenvalues by C. G. J. Jacobi's rotations (cyclic), and from them the Moore–Penrose
 * inverse, which a covariance of fewer samples than dimensions still has.
 */

export interface Eigen {
  /** Not sorted. */
  readonly values: Float64Array;
  /** Column k is the eigenvector of value k. */
  readonly vectors: Float64Array;
}

const SWEEPS = 60;

/** Of a symmetric `size`×`size` matrix, which is left as it is. Throws a `RangeError` for another number of entries. */
export function eigen(matrix: Float64Array, size: number): Eigen {
  if (matrix.length !== size * size)
    throw new RangeError(`${matrix.length} numbers are no ${size}×${size} matrix.`);
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  const total = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, size) > 1e-30 * total; sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, at) => a[at * size + at]!), vectors };
}

/** Eigenvalues that are rounding beside the largest one count as zero: size · 2⁻⁵² of it, as in MATLAB's `pinv`. */
export function pseudoInverse(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = eigen(matrix, size);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = size * Number.EPSILON * largest;
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const value = values[k]!;
    if (Math.abs(value) <= tolerance) continue;
    for (let row = 0; row < size; row++) {
      const factor = vectors[row * size + k]! / value;
      for (let column = 0; column < size; column++)
        inverse[row * size + column]! += factor * vectors[column * size + k]!;
    }
  }
  return inverse;
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) sum += a[p * size + q]! ** 2;
  return sum;
}

/** Turns rows and columns p and q so that their common entry becomes zero. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const entry = a[p * size + q]!;
  if (entry === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = cosine * kp - sine * kq;
    a[k * size + q] = sine * kp + cosine * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = cosine * pk - sine * qk;
    a[q * size + k] = sine * pk + cosine * qk;
    const [vp, vq] = [vectors[k * size + p]!, vectors[k * size + q]!];
    vectors[k * size + p] = cosine * vp - sine * vq;
    vectors[k * size + q] = sine * vp + cosine * vq;
  }
}
