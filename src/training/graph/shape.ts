/** Shapes of row-major float32 tensors. Images are [batch, height, width, channels]; a scalar is []. */

export type Shape = readonly number[];

/** How many elements a tensor of this shape has. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

/** `[4, 24, 24, 3]` */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The sides of an image batch. */
export interface ImageShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Reads an NHWC shape; throws on another rank, naming `what`. */
export function imageShape(shape: Shape, what: string): ImageShape {
  const [batch, height, width, channels] = shape;
  if (
    shape.length !== 4 ||
    batch === undefined ||
    height === undefined ||
    width === undefined ||
    channels === undefined
  ) {
    throw new Error(`${what} must be [batch, height, width, channels], not ${formatShape(shape)}`);
  }
  return { batch, height, width, channels };
}

/** Reads a [rows, columns] shape; throws on another rank, naming `what`. */
export function matrixShape(shape: Shape, what: string): { rows: number; columns: number } {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new Error(`${what} must be [rows, columns], not ${formatShape(shape)}`);
  }
  return { rows, columns };
}

/** The last side: channels of an image, units of a dense layer. */
export function channelsOf(shape: Shape, what: string): number {
  const channels = shape.at(-1);
  if (channels === undefined) throw new Error(`${what} is a scalar and has no channels`);
  return channels;
}

/** Throws unless the two are equal, naming both. */
export function requireSameShape(a: Shape, b: Shape, what: string): void {
  if (!sameShape(a, b)) throw new Error(`${what}: ${formatShape(a)} and ${formatShape(b)} differ`);
}
