/** How far a picture is from another, made visible: |a − b| · gain for each channel, opaque. */

export interface Pixels {
  width: number;
  height: number;
  /** RGBA, 8 bit, row by row. */
  data: Uint8ClampedArray;
}

/**
 * Pictures of different sizes show the same scene: the smaller one is enlarged to its nearest pixels.
 * @returns as large as the larger of both
 */
export function difference(a: Pixels, b: Pixels, gain: number): Pixels {
  const width = Math.max(a.width, b.width);
  const height = Math.max(a.height, b.height);
  const data = new Uint8ClampedArray(width * height * 4);
  const columnsA = nearest(width, a.width);
  const columnsB = nearest(width, b.width);
  const rowsA = nearest(height, a.height);
  const rowsB = nearest(height, b.height);
  let out = 0;
  for (let y = 0; y < height; y += 1) {
    const startA = rowsA[y]! * a.width;
    const startB = rowsB[y]! * b.width;
    for (let x = 0; x < width; x += 1) {
      const atA = 4 * (startA + columnsA[x]!);
      const atB = 4 * (startB + columnsB[x]!);
      for (let channel = 0; channel < 3; channel += 1) {
        data[out + channel] = Math.abs(a.data[atA + channel]! - b.data[atB + channel]!) * gain;
      }
      data[out + 3] = 255;
      out += 4;
    }
  }
  return { width, height, data };
}

/** For each of `size` positions, the pixel of `source` that covers its middle. */
function nearest(size: number, source: number): Int32Array {
  return Int32Array.from({ length: size }, (_, position) => Math.floor(((position + 0.5) * source) / size));
}
