/** Turning and mirroring a square patch while its bytes become floats. */

const CHANNELS = 3;

/**
 * Writes a patch of side × side RGB bytes as floats in [0, 1] into `target` at `offset` (in elements): turned clockwise by
 * `turns` quarter turns, then mirrored horizontally if `flip`.
 */
export function orientInto(
  target: Float32Array,
  offset: number,
  patch: Uint8Array,
  side: number,
  flip: boolean,
  turns: number,
): void {
  const last = side - 1;
  // The source pixel of target (x, y) is first + x·alongX + y·alongY.
  const [first, alongX, alongY] = (
    [
      [0, 1, side],
      [last * side, -side, 1],
      [last * side + last, -1, -side],
      [last, side, -1],
    ] as const
  )[turns as 0 | 1 | 2 | 3];
  const start = flip ? first + last * alongX : first;
  const step = flip ? -alongX : alongX;

  let to = offset;
  for (let y = 0; y < side; y++) {
    let from = (start + y * alongY) * CHANNELS;
    for (let x = 0; x < side; x++) {
      target[to] = patch[from]! / 255;
      target[to + 1] = patch[from + 1]! / 255;
      target[to + 2] = patch[from + 2]! / 255;
      to += CHANNELS;
      from += step * CHANNELS;
    }
  }
}
