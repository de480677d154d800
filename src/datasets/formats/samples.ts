/** What a decoder of this room gives: samples of 8 bits, whose colours and opacity the caller still has to see to. */
export interface Samples {
  width: number;
  height: number;
  /** Grey, RGB, or RGB with opacity, which the colours are not multiplied by. */
  channels: 1 | 3 | 4;
  /** Interleaved, row by row from above. */
  data: Uint8Array;
  /** ICC profile of the colours, where they have one. */
  profile?: Uint8Array | undefined;
}
