/** Points in the plane for vectors in a high space: their first two principal components, by subspace iteration. */
import { randomStream } from '../../../random/random-stream';
import type { Pause } from '../pause';
import type { Matrix } from '../regression/matrix';

/** Enough for a picture; neighbouring components may still be mixed where their variances are nearly equal. */
const ITERATIONS = 60;

/** Coordinates [x, y] of each row along the two directions of greatest variance; signs by the seed of the start. */
export async function principalPlane(
  { rows, columns, data }: Matrix,
  pause: Pause,
): Promise<[number, number][]> {
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns]! += data[i]! / rows;
  const random = randomStream(0, 'transfer/principal-components');
  let scores: Float64Array[] = [0, 1].map(() => Float64Array.from({ length: rows }, () => random.normal()));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const directions = scores.map((score) => combination(score));
    orthonormalise(directions);
    scores = directions.map((direction) => projections(direction));
    await pause();
  }
  const [x, y] = scores as [Float64Array, Float64Array];
  return Array.from({ length: rows }, (_, row) => [x[row]!, y[row]!]);

  /** Xᵀ·score, X centred. */
  function combination(score: Float64Array): Float64Array {
    const direction = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      const [from, factor] = [row * columns, score[row]!];
      for (let j = 0; j < columns; j++) direction[j]! += factor * (data[from + j]! - mean[j]!);
    }
    return direction;
  }

  /** X·direction, X centred. */
  function projections(direction: Float64Array): Float64Array {
    return Float64Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += (data[row * columns + j]! - mean[j]!) * direction[j]!;
      return sum;
    });
  }
}

/** Gram–Schmidt in place. A vector that nothing remains of is left zero. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, index) => {
    for (const before of vectors.slice(0, index)) {
      const share = vector.reduce((sum, value, i) => sum + value * before[i]!, 0);
      vector.forEach((value, i) => (vector[i] = value - share * before[i]!));
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) vector.forEach((value, i) => (vector[i] = value / length));
  });
}
