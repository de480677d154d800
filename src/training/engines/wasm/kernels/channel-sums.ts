/**
 * Sums over the pixels of [pixels][channels], for each channel. Two levels keep them accurate and independent of the
 * number of threads: chunks of 64 pixels in single precision, shared by the threads; then the chunks in double.
 */
import { F64, type I32Local, Vector } from '../../../../assembler';
import { kernel, type KernelBuilder } from './kernel';
import { forLanes, type Lanes } from './lanes';

/** Pixels a chunk. */
export const CHUNK_PIXELS = 64;

interface Size {
  readonly pixels: I32Local;
  readonly channels: I32Local;
}

/**
 * Runs `channelBody` for this part's chunks and each vector of channels: it sets up its sums, calls `pixels` with what
 * is to be done at each element, and stores its sums at `partial`, the offset of [chunk][channel].
 */
function forChunks(
  f: KernelBuilder,
  { pixels, channels }: Size,
  channelBody: (
    lanes: Lanes,
    channel: I32Local,
    partial: I32Local,
    forPixels: (body: (at: I32Local) => void) => void,
  ) => void,
): void {
  const pixelBytes = f.integer(channels.shiftLeft(2));
  const at = f.integer();
  const partial = f.integer();
  const count = f.integer();
  f.forShare(pixels.add(CHUNK_PIXELS - 1).div(CHUNK_PIXELS), (chunk) => {
    const first = f.integer(chunk.mul(CHUNK_PIXELS));
    count.set(pixels.sub(first).min(CHUNK_PIXELS));
    forLanes(f, channels, (channel, lanes) => {
      at.set(first.mul(pixelBytes).add(channel));
      partial.set(chunk.mul(pixelBytes).add(channel));
      channelBody(lanes, channel, partial, (body) => {
        f.for(0, count, 1, () => {
          body(at);
          at.advance(pixelBytes);
        });
      });
    });
  });
}

const size = { pixels: 'integer', channels: 'integer' } as const;

/** Σ x. */
export const channelSums = kernel('channelSums', { partials: 'write', x: 'read', ...size }, (f, p) => {
  const sum = f.vector();
  forChunks(f, p, ({ load, store }, _channel, partial, forPixels) => {
    sum.set(Vector.zero());
    forPixels((at) => {
      sum.set(sum.add(load(p.x.add(at))));
    });
    store(p.partials.add(partial), sum);
  });
});

/** Σ (x − mean)². */
export const channelSquares = kernel(
  'channelSquares',
  { partials: 'write', x: 'read', mean: 'read', ...size },
  (f, p) => {
    const [sum, mean, centred] = [f.vector(), f.vector(), f.vector()];
    forChunks(f, p, ({ load, store }, channel, partial, forPixels) => {
      sum.set(Vector.zero());
      mean.set(load(p.mean.add(channel)));
      forPixels((at) => {
        centred.set(load(p.x.add(at)).sub(mean));
        sum.set(f.multiplyAdd(centred, centred, sum));
      });
      store(p.partials.add(partial), sum);
    });
  },
);

/** Σ dy and Σ dy·(x − mean): what the gradients of batch normalisation are made of. */
export const normalisationSums = kernel(
  'normalisationSums',
  { sums: 'write', products: 'write', dy: 'read', x: 'read', mean: 'read', ...size },
  (f, p) => {
    const [sum, product, mean, dy] = [f.vector(), f.vector(), f.vector(), f.vector()];
    forChunks(f, p, ({ load, store }, channel, partial, forPixels) => {
      sum.set(Vector.zero());
      product.set(Vector.zero());
      mean.set(load(p.mean.add(channel)));
      forPixels((at) => {
        dy.set(load(p.dy.add(at)));
        sum.set(sum.add(dy));
        product.set(f.multiplyAdd(dy, load(p.x.add(at)).sub(mean), product));
      });
      store(p.sums.add(partial), sum);
      store(p.products.add(partial), product);
    });
  },
);

/** PReLU's gradients: dx, and the partial sums of dα = Σ dy·x over x ≤ 0. */
export const preluGrad = kernel(
  'preluGrad',
  { dx: 'write', slopeSums: 'write', dy: 'read', x: 'read', alpha: 'read', ...size },
  (f, p) => {
    const [sum, alpha, dy, x, positive] = [f.vector(), f.vector(), f.vector(), f.vector(), f.vector()];
    forChunks(f, p, ({ load, store }, channel, partial, forPixels) => {
      sum.set(Vector.zero());
      alpha.set(load(p.alpha.add(channel)));
      forPixels((at) => {
        dy.set(load(p.dy.add(at)));
        x.set(load(p.x.add(at)));
        positive.set(x.moreThan(Vector.zero()));
        store(p.dx.add(at), positive.select(dy, dy.mul(alpha)));
        sum.set(sum.add(dy.mul(x).andNot(positive)));
      });
      store(p.slopeSums.add(partial), sum);
    });
  },
);

/** factor·Σ of the chunks' partial sums, for each channel, in double precision. */
export const combineSums = kernel(
  'combineSums',
  { result: 'write', partials: 'read', factor: 'float', chunks: 'integer', channels: 'integer' },
  (f, p) => {
    const sum = f.double(F64.constant(0));
    const stride = f.integer(p.channels.shiftLeft(2));
    const at = f.integer();
    f.forShare(p.channels, (channel) => {
      sum.set(F64.constant(0));
      at.set(p.partials.add(channel.shiftLeft(2)));
      f.for(0, p.chunks, 1, () => {
        sum.set(sum.add(at.loadFloat().toDouble()));
        at.advance(stride);
      });
      f.storeFloat(p.result.add(channel.shiftLeft(2)), sum.mul(p.factor.toDouble()).toFloat());
    });
  },
);

/** γ's gradient from Σ dy·(x − mean): divided by the deviation. */
export const divideByDeviation = kernel(
  'divideByDeviation',
  { result: 'write', x: 'read', variance: 'read', epsilon: 'float', channels: 'integer' },
  (f, p) => {
    f.once(() => {
      forLanes(f, p.channels, (channel, { load, store }) => {
        const deviation = load(p.variance.add(channel)).add(p.epsilon.splat()).sqrt();
        store(p.result.add(channel), load(p.x.add(channel)).div(deviation));
      });
    });
  },
);

export const channelSumKernels = [
  channelSums,
  channelSquares,
  normalisationSums,
  preluGrad,
  combineSums,
  divideByDeviation,
];
