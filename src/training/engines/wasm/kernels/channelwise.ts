/**
 * Kernels on [pixels][channels] with parameters for each channel: bias, PReLU, batch normalisation. Threads share the
 * pixels. Sums over pixels are in channel-sums.ts.
 */
import { type I32Local, Vector } from '../../../../assembler';
import { kernel, type KernelBuilder } from './kernel';
import { forLanes, type Lanes } from './lanes';

/** `at` is the byte offset of the element, `channel` that of its channel's parameters. */
function forElements(
  f: KernelBuilder,
  size: { pixels: I32Local; channels: I32Local },
  body: (at: I32Local, channel: I32Local, lanes: Lanes) => void,
): void {
  const { from, to } = f.share(size.pixels);
  const pixelBytes = f.integer(size.channels.shiftLeft(2));
  const at = f.integer(from.mul(pixelBytes));
  f.for(from, to, 1, () => {
    forLanes(f, size.channels, (channel, lanes) => {
      body(at, channel, lanes);
      at.advance(lanes.bytes);
    });
  });
}

export const biasAdd = kernel(
  'biasAdd',
  { result: 'write', x: 'read', bias: 'read', pixels: 'integer', channels: 'integer' },
  (f, p) => {
    forElements(f, p, (at, channel, { load, store }) => {
      store(p.result.add(at), load(p.x.add(at)).add(load(p.bias.add(channel))));
    });
  },
);

/** x times its channel's factor. */
export const scaleChannels = kernel(
  'scaleChannels',
  { result: 'write', x: 'read', factors: 'read', pixels: 'integer', channels: 'integer' },
  (f, p) => {
    forElements(f, p, (at, channel, { load, store }) => {
      store(p.result.add(at), load(p.x.add(at)).mul(load(p.factors.add(channel))));
    });
  },
);

/** x where x > 0, α·x elsewhere. */
export const prelu = kernel(
  'prelu',
  { result: 'write', x: 'read', alpha: 'read', pixels: 'integer', channels: 'integer' },
  (f, p) => {
    const x = f.vector();
    forElements(f, p, (at, channel, { load, store }) => {
      x.set(load(p.x.add(at)));
      store(p.result.add(at), x.moreThan(Vector.zero()).select(x, x.mul(load(p.alpha.add(channel)))));
    });
  },
);

/** scale·(x − mean) + shift, times the channel's slope where that is below zero; no slopes (address 0) change nothing. */
export const normalise = kernel(
  'normalise',
  {
    result: 'write',
    x: 'read',
    mean: 'read',
    scale: 'read',
    shift: 'read',
    slopes: 'read',
    pixels: 'integer',
    channels: 'integer',
  },
  (f, p) => {
    const y = f.vector();
    const normalised = (at: I32Local, channel: I32Local, { load }: Lanes): Vector => {
      const centred = load(p.x.add(at)).sub(load(p.mean.add(channel)));
      return f.multiplyAdd(centred, load(p.scale.add(channel)), load(p.shift.add(channel)));
    };
    f.if(
      p.slopes,
      () => {
        forElements(f, p, (at, channel, lanes) => {
          y.set(normalised(at, channel, lanes));
          const below = y.mul(lanes.load(p.slopes.add(channel)));
          lanes.store(p.result.add(at), y.moreThan(Vector.zero()).select(y, below));
        });
      },
      () => {
        forElements(f, p, (at, channel, lanes) => {
          lanes.store(p.result.add(at), normalised(at, channel, lanes));
        });
      },
    );
  },
);

/** scale = γ / √(variance + ε), for each channel. */
export const normalisationScale = kernel(
  'normalisationScale',
  { result: 'write', gamma: 'read', variance: 'read', epsilon: 'float', channels: 'integer' },
  (f, p) => {
    f.once(() => {
      forLanes(f, p.channels, (channel, { load, store }) => {
        const deviation = load(p.variance.add(channel)).add(p.epsilon.splat()).sqrt();
        store(p.result.add(channel), load(p.gamma.add(channel)).div(deviation));
      });
    });
  },
);

/**
 * Gradient of batch normalisation for x (Ioffe and Szegedy 2015, section 3, rearranged):
 * γ/σ·(dy − mean(dy) − (x − mean)/σ · mean(dy·(x − mean)/σ)), with dbeta = Σdy and dgamma = Σdy·(x − mean)/σ.
 */
export const normaliseGrad = kernel(
  'normaliseGrad',
  {
    result: 'write',
    dy: 'read',
    x: 'read',
    mean: 'read',
    variance: 'read',
    gamma: 'read',
    dgamma: 'read',
    dbeta: 'read',
    terms: 'scratch',
    termsBytes: 'integer',
    epsilon: 'float',
    inverseCount: 'float',
    pixels: 'integer',
    channels: 'integer',
  },
  (f, p) => {
    // Each thread works out the three factors of every channel for itself: there are few.
    const channelBytes = f.integer(p.channels.add(3).shiftRight(2).shiftLeft(4));
    const scale = f.integer(p.terms.add(p.termsBytes.mul(f.part)));
    const offset = f.integer(scale.add(channelBytes));
    const slope = f.integer(offset.add(channelBytes));
    const inverseDeviation = f.vector();
    const inverseCount = f.vector(p.inverseCount.splat());
    forLanes(f, p.channels, (channel, { load, store }) => {
      const deviation = load(p.variance.add(channel)).add(p.epsilon.splat()).sqrt();
      inverseDeviation.set(Vector.of(1).div(deviation));
      store(scale.add(channel), load(p.gamma.add(channel)).mul(inverseDeviation));
      store(offset.add(channel), load(p.dbeta.add(channel)).mul(inverseCount));
      const correlation = load(p.dgamma.add(channel)).mul(inverseCount);
      store(slope.add(channel), correlation.mul(inverseDeviation));
    });
    forElements(f, p, (at, channel, { load, store }) => {
      const centred = load(p.x.add(at)).sub(load(p.mean.add(channel)));
      const rest = load(p.dy.add(at)).sub(load(offset.add(channel)));
      const dx = rest.sub(centred.mul(load(slope.add(channel))));
      store(p.result.add(at), dx.mul(load(scale.add(channel))));
    });
  },
);

/** The one number in `x` for every channel: a slope a layer as slopes a channel. */
export const spread = kernel('spread', { result: 'write', x: 'read', channels: 'integer' }, (f, p) => {
  f.once(() => {
    forLanes(f, p.channels, (channel, { store }) => {
      store(p.result.add(channel), p.x.loadSplat());
    });
  });
});

/** momentum·average + rest·values for each row of values [rows][count] in turn. */
export const movingAverage = kernel(
  'movingAverage',
  {
    result: 'write',
    average: 'read',
    values: 'read',
    momentum: 'float',
    rest: 'float',
    rows: 'integer',
    count: 'integer',
  },
  (f, p) => {
    const [momentum, rest, average] = [f.vector(p.momentum.splat()), f.vector(p.rest.splat()), f.vector()];
    const rowBytes = f.integer(p.count.shiftLeft(2));
    const value = f.integer();
    f.once(() => {
      forLanes(f, p.count, (channel, { load, store }) => {
        average.set(load(p.average.add(channel)));
        value.set(p.values.add(channel));
        f.for(0, p.rows, 1, () => {
          average.set(average.mul(momentum).add(load(value).mul(rest)));
          value.advance(rowBytes);
        });
        store(p.result.add(channel), average);
      });
    });
  },
);

export const channelwiseKernels = [
  biasAdd,
  scaleChannels,
  prelu,
  normalise,
  normalisationScale,
  normaliseGrad,
  movingAverage,
  spread,
];
