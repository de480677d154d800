/** The discrete Fourier transform of lengths that are powers of two, in place on separate real and imaginary parts. */

/** A field of complex numbers, rows from the top. */
export interface ComplexPlane {
  readonly width: number;
  readonly height: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export interface Fft {
  readonly length: number;
  /** Transforms `length` numbers: X[k] = Σ x[n] exp(−2πi kn / length), unscaled. Throws a `RangeError` for other lengths. */
  transform(real: Float64Array, imaginary: Float64Array): void;
}

/** Prepares transforms of one length. Throws a `RangeError` unless it is a power of two. */
export function createFft(length: number): Fft {
  if (!Number.isInteger(Math.log2(length))) throw new RangeError(`${length} is not a power of two.`);
  const half = length >> 1;
  const cosines = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / length));
  const sines = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / length));
  const reversed = bitReversals(length);
  return {
    length,
    transform: (real, imaginary) => {
      if (real.length !== length || imaginary.length !== length)
        throw new RangeError(`This transform is of ${length} numbers, not ${real.length}.`);
      permute(real, imaginary, reversed);
      butterflies(real, imaginary, cosines, sines);
    },
  };
}

/** Transforms rows, then columns, in place. Throws a `RangeError` unless both sides are powers of two. */
export function transformPlane({ width, height, real, imaginary }: ComplexPlane): void {
  const rows = createFft(width);
  for (let y = 0; y < height; y++) {
    const [start, end] = [y * width, (y + 1) * width];
    rows.transform(real.subarray(start, end), imaginary.subarray(start, end));
  }
  const columns = width === height ? rows : createFft(height);
  const [columnReal, columnImaginary] = [new Float64Array(height), new Float64Array(height)];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      columnReal[y] = real[y * width + x]!;
      columnImaginary[y] = imaginary[y * width + x]!;
    }
    columns.transform(columnReal, columnImaginary);
    for (let y = 0; y < height; y++) {
      real[y * width + x] = columnReal[y]!;
      imaginary[y * width + x] = columnImaginary[y]!;
    }
  }
}

function bitReversals(length: number): Uint32Array {
  const reversed = new Uint32Array(length);
  for (let index = 1; index < length; index++)
    reversed[index] = (reversed[index >> 1]! >> 1) | (index & 1 ? length >> 1 : 0);
  return reversed;
}

function permute(real: Float64Array, imaginary: Float64Array, reversed: Uint32Array): void {
  for (let index = 0; index < reversed.length; index++) {
    const other = reversed[index]!;
    if (other <= index) continue;
    const [r, i] = [real[index]!, imaginary[index]!];
    real[index] = real[other]!;
    imaginary[index] = imaginary[other]!;
    real[other] = r;
    imaginary[other] = i;
  }
}

/** Cooley and Tukey's, decimated in time. */
function butterflies(
  real: Float64Array,
  imaginary: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  const { length } = real;
  for (let size = 2; size <= length; size <<= 1) {
    const half = size >> 1;
    const stride = length / size;
    for (let start = 0; start < length; start += size) {
      for (let k = 0; k < half; k++) {
        const [upper, lower] = [start + k, start + k + half];
        const [cosine, sine] = [cosines[k * stride]!, sines[k * stride]!];
        const r = real[lower]! * cosine + imaginary[lower]! * sine;
        const i = imaginary[lower]! * cosine - real[lower]! * sine;
        real[lower] = real[upper]! - r;
        imaginary[lower] = imaginary[upper]! - i;
        real[upper] = real[upper]! + r;
        imaginary[upper] = imaginary[upper]! + i;
      }
    }
  }
}
