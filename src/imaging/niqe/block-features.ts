/**
 * The 36 features of a block of 96×96 pixels: 18 of its MSCN coefficients and of the products of neighbours, at full size
 * and at half size. The order is that of the authors' release: shape and mean scale of the coefficients, then for
 * neighbours to the right, below and on both diagonals shape, mean, left and right scale of their products.
 */
import type { Plane } from '../colour';
import { imresizeReal } from '../imresize';
import { fitAggd } from './aggd';
import { computeMscn } from './mscn';

/** Side of a block at full size. */
export const BLOCK = 96;
export const FEATURES = 36;

export interface BlockFeatures {
  /** `FEATURES` numbers. */
  readonly features: Float64Array;
  /** Mean local standard deviation at full size, in grey levels: blocks of sky or blur have little. */
  readonly sharpness: number;
}

/** Down and to the right. */
const NEIGHBOURS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
] as const;

/** Whole blocks that fit, from the left upper corner on. */
export function blocksOf({ width, height }: { width: number; height: number }): number {
  return Math.floor(width / BLOCK) * Math.floor(height / BLOCK);
}

/**
 * Features of every whole block of a plane of grey levels in [0, 255], row by row; what is left over at the right and at the
 * bottom is not looked at. A block that is flat, which has no distribution to fit, is left out.
 */
export function blockFeatures(plane: Plane): BlockFeatures[] {
  const columns = Math.floor(plane.width / BLOCK);
  const rows = Math.floor(plane.height / BLOCK);
  if (columns === 0 || rows === 0) return [];
  const full = cutCorner(plane, columns * BLOCK, rows * BLOCK);
  const atFull = computeMscn(full);
  const atHalf = computeMscn(halve(full));
  return Array.from({ length: rows * columns }, (_, at): BlockFeatures | null => {
    const [left, top] = [(at % columns) * BLOCK, Math.floor(at / columns) * BLOCK];
    const first = featuresAtScale(cut(atFull.coefficients, left, top, BLOCK));
    const second = featuresAtScale(cut(atHalf.coefficients, left / 2, top / 2, BLOCK / 2));
    if (first === null || second === null) return null;
    const sharpness = meanOf(cut(atFull.deviations, left, top, BLOCK));
    return { features: Float64Array.from([...first, ...second]), sharpness };
  }).filter((block) => block !== null);
}

function featuresAtScale(block: Plane): number[] | null {
  const own = fitAggd(block.data);
  if (own === null) return null;
  const features = [own.shape, (own.left + own.right) / 2];
  for (const [down, right] of NEIGHBOURS) {
    const product = fitAggd(neighbourProducts(block, down, right));
    if (product === null) return null;
    features.push(product.shape, product.mean, product.left, product.right);
  }
  return features;
}

/** Each coefficient times the one `down` and `right` before it; beyond the block's border it goes on at the other side. */
function neighbourProducts({ width, height, data }: Plane, down: number, right: number): Float64Array {
  const products = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const other = ((y - down + height) % height) * width;
    // Split where it wraps around, so that the long part is a plain loop.
    const from = Math.max(0, right);
    const to = Math.min(width, width + right);
    for (let x = from; x < to; x++) products[row + x] = data[row + x]! * data[other + x - right]!;
    const wrapped = right > 0 ? 0 : width - 1;
    if (right !== 0) products[row + wrapped] = data[row + wrapped]! * data[other + width - 1 - wrapped]!;
  }
  return products;
}

function meanOf({ data }: Plane): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

function cut({ width, data }: Plane, left: number, top: number, side: number): Plane {
  const block = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    const start = (top + y) * width + left;
    block.set(data.subarray(start, start + side), y * side);
  }
  return { width: side, height: side, data: block };
}

function cutCorner({ width, data }: Plane, columns: number, rows: number): Plane {
  const corner = new Float64Array(columns * rows);
  for (let y = 0; y < rows; y++) corner.set(data.subarray(y * width, y * width + columns), y * columns);
  return { width: columns, height: rows, data: corner };
}

/** As MATLAB's `imresize(plane, 0.5)`: bicubic, with a low-pass. */
function halve(plane: Plane): Plane {
  const { width, height, data } = imresizeReal({ ...plane, channels: 1 }, 0.5);
  return { width, height, data };
}
