/** Reads one real matrix from a MATLAB 5 file, compressed or not: enough for reference outputs. Column-major order is undone. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

const COMPRESSED = 15;
const MATRIX = 14;
const DOUBLE = 9;
const UINT8 = 2;

interface Element {
  type: number;
  data: Buffer;
  next: number;
}

/** Samples row by row from the top, channels interleaved. */
export interface Matrix {
  width: number;
  height: number;
  channels: number;
  data: Float64Array;
}

/** Reads the first variable of a file. Throws if it is not a real matrix of two or three dimensions. */
export function readMatFile(path: string): Matrix {
  const file = readFileSync(path);
  let element = readElement(file, 128);
  if (element.type === COMPRESSED) element = readElement(inflateSync(element.data), 0);
  if (element.type !== MATRIX) throw new Error(`${path}: the first variable is not a matrix.`);

  const flags = readElement(element.data, 0);
  const dimensions = readElement(element.data, flags.next);
  const name = readElement(element.data, dimensions.next);
  const values = readElement(element.data, name.next);
  const [height = 0, width = 0, channels = 1] = Array.from({ length: dimensions.data.length / 4 }, (_, i) =>
    dimensions.data.readInt32LE(4 * i),
  );
  const data = new Float64Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        data[(y * width + x) * channels + channel] = valueAt(values, y + height * (x + width * channel));
      }
    }
  }
  return { width, height, channels, data };
}

/** MATLAB stores a matrix of doubles in a smaller type where that loses nothing. */
function valueAt({ type, data }: Element, index: number): number {
  if (type === DOUBLE) return data.readDoubleLE(8 * index);
  if (type === UINT8) return data.readUInt8(index);
  throw new Error(`Values of type ${type} are not read here.`);
}

function readElement(buffer: Buffer, offset: number): Element {
  const word = buffer.readUInt32LE(offset);
  const small = word >>> 16;
  if (small > 0) {
    const data = buffer.subarray(offset + 4, offset + 4 + small);
    return { type: word & 0xffff, data, next: offset + 8 };
  }
  const length = buffer.readUInt32LE(offset + 4);
  const data = buffer.subarray(offset + 8, offset + 8 + length);
  return { type: word, data, next: offset + 8 + Math.ceil(length / 8) * 8 };
}
