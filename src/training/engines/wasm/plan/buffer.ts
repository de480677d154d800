/**
 * Places in memory while a plan is being made. A buffer has no address yet, unless it is a tensor of the state; the
 * memory planner gives it one when it is known how long it is needed.
 */

/** Every buffer ends with room for a vector's overhang: kernels may touch, but not mean, what is there. */
const OVERHANG = 32;
const GRANULE = 64;

/** Bytes to reserve for so many floats. */
export function capacity(floats: number): number {
  return Math.ceil((floats * 4 + OVERHANG) / GRANULE) * GRANULE;
}

export class Buffer {
  readonly bytes: number;

  /** `address` is given for what lies outside the plan's own memory: it is fixed, and outlasts the run. */
  constructor(
    readonly floats: number,
    readonly address?: number,
  ) {
    this.bytes = capacity(floats);
  }

  /** The place `floats` elements behind the start. */
  at(floats: number): Slice {
    return { buffer: this, offset: floats * 4 };
  }
}

/** A place inside a buffer; offset in bytes. */
export interface Slice {
  readonly buffer: Buffer;
  readonly offset: number;
}

export type Place = Buffer | Slice;

export function sliceOf(place: Place): Slice {
  return place instanceof Buffer ? { buffer: place, offset: 0 } : place;
}
