/**
 * What every SSIM is made of: four numbers a position, which a window filters, and the index of the four means. In WebAssembly two
 * positions at a time, in plain TypeScript where that cannot run, with the same bits.
 */
import { F64, FunctionBuilder, type I32, Vector } from '../assembler';
import { LANES } from './running-window';
import { compileKernels, DOUBLE, type Kernels, type WindowMemory } from './window-memory';

/** Numbers a position: x, y, x² + y², xy. */
export const MAPS = LANES;

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

export interface SsimTerms {
  /** Writes the numbers of a row of two planes into `terms`, from position `start` on. */
  fill(terms: Float64Array, start: number, a: Float64Array, b: Float64Array): void;
  /**
   * The index (equation 13 of Wang et al. 2004) of the means of `indices.length` positions. Into `sums` go the sum of them, and that
   * of their second factors, contrast and structure without luminance, both added from the left.
   */
  compare(means: Float64Array, indices: Float64Array, sums: Float64Array): void;
  /** The index of sums about positions where the window weighs `weights`. */
  compareSums(sums: Float64Array, start: number, weights: Float64Array, indices: Float64Array): void;
}

let kernels: Kernels<'fill' | 'compare' | 'compareSums'> | null | undefined;

/** For rows of that memory. */
export function ssimTerms({ isReached }: WindowMemory): SsimTerms {
  kernels ??= compileKernels({
    fill: fillKernel(),
    compare: compareKernel(),
    compareSums: compareSumsKernel(),
  });
  return kernels === null || !isReached ? plainTerms : compiledTerms(kernels);
}

/** The same in plain TypeScript. */
export const plainTerms: SsimTerms = {
  fill: (terms, start, a, b) => {
    for (let i = MAPS * start, j = 0; j < a.length; i += MAPS, j++) {
      const [x, y] = [a[j]!, b[j]!];
      terms[i] = x;
      terms[i + 1] = y;
      terms[i + 2] = x * x + y * y;
      terms[i + 3] = x * y;
    }
  },
  compare: (means, indices, sums) => {
    let [ofIndices, ofContrasts] = [0, 0];
    for (let k = 0, i = 0; k < indices.length; k++, i += MAPS) {
      const { luminance, structure } = factorsOf(means[i]!, means[i + 1]!, means[i + 2]!, means[i + 3]!);
      const index = (luminance.over * structure.over) / (luminance.under * structure.under);
      indices[k] = index;
      ofIndices += index;
      ofContrasts += structure.over / structure.under;
    }
    [sums[0], sums[1]] = [ofIndices, ofContrasts];
  },
  compareSums: (sums, start, weights, indices) => {
    for (let k = 0, i = MAPS * start; k < indices.length; k++, i += MAPS) {
      const weight = weights[k]!;
      const { luminance, structure } = factorsOf(
        sums[i]! / weight,
        sums[i + 1]! / weight,
        sums[i + 2]! / weight,
        sums[i + 3]! / weight,
      );
      indices[k] = (luminance.over * structure.over) / (luminance.under * structure.under);
    }
  },
};

interface Fraction<T> {
  readonly over: T;
  readonly under: T;
}

interface Factors<T> {
  readonly luminance: Fraction<T>;
  readonly structure: Fraction<T>;
}

function factorsOf(meanA: number, meanB: number, squares: number, product: number): Factors<number> {
  const meanProduct = meanA * meanB;
  const meanSquares = meanA * meanA + meanB * meanB;
  return {
    luminance: { over: 2 * meanProduct + C1, under: meanSquares + C1 },
    structure: { over: 2 * (product - meanProduct) + C2, under: squares - meanSquares + C2 },
  };
}

function compiledTerms({
  fill,
  compare,
  compareSums,
}: Kernels<'fill' | 'compare' | 'compareSums'>): SsimTerms {
  const at = (row: Float64Array, position: number): number => row.byteOffset + MAPS * DOUBLE * position;
  return {
    fill: (terms, start, a, b) => {
      fill(a.byteOffset, b.byteOffset, at(terms, start), a.length * DOUBLE);
    },
    compare: (means, indices, sums) => {
      compare(means.byteOffset, indices.byteOffset, sums.byteOffset, indices.length * DOUBLE);
    },
    compareSums: (sums, start, weights, indices) => {
      compareSums(at(sums, start), weights.byteOffset, indices.byteOffset, indices.length * DOUBLE);
    },
  };
}

/** Bytes of two positions in a row of one number each. */
const PAIR = 2 * DOUBLE;

/** Operands: rows of x and y, where the numbers go, and how many bytes x takes. */
function fillKernel(): FunctionBuilder {
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32', 'i32'], false);
  const [a, b, terms, bytes] = [0, 1, 2, 3].map((index) => kernel.integerParameter(index));
  kernel.for(0, bytes!, PAIR, (offset) => {
    const x = kernel.vector(a!.add(offset).load());
    const y = kernel.vector(b!.add(offset).load());
    const squares = kernel.vector(x.mulDoubles(x).addDoubles(y.mulDoubles(y)));
    const products = kernel.vector(x.mulDoubles(y));
    const place = kernel.integer(terms!.add(offset.mul(MAPS)));
    kernel.store(place, x.shuffleDoubles(y, [0, 2]), 0);
    kernel.store(place, squares.shuffleDoubles(products, [0, 2]), 16);
    kernel.store(place, x.shuffleDoubles(y, [1, 3]), 32);
    kernel.store(place, squares.shuffleDoubles(products, [1, 3]), 48);
  });
  return kernel;
}

/** Operands: the means, where the indices and both sums go, and how many bytes the indices take. */
function compareKernel(): FunctionBuilder {
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32', 'i32'], false);
  const [means, indices, sums, bytes] = [0, 1, 2, 3].map((index) => kernel.integerParameter(index));
  const ofBoth = kernel.vector(Vector.zero());
  kernel.for(0, bytes!, PAIR, (offset) => {
    const { luminance, structure } = factorsIn(kernel, means!.add(offset.mul(MAPS)));
    const index = kernel.vector(indexOf(luminance, structure));
    const contrast = kernel.vector(structure.over.divDoubles(structure.under));
    kernel.store(indices!.add(offset), index);
    ofBoth.set(ofBoth.addDoubles(index.shuffleDoubles(contrast, [0, 2])));
    // The last position of an odd number stands alone.
    kernel.if(offset.add(DOUBLE).lessThan(bytes!), () => {
      ofBoth.set(ofBoth.addDoubles(index.shuffleDoubles(contrast, [1, 3])));
    });
  });
  kernel.store(sums!, ofBoth);
  return kernel;
}

/** Operands: the sums, their weights, where the indices go, and how many bytes these take. */
function compareSumsKernel(): FunctionBuilder {
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32', 'i32'], false);
  const [sums, weights, indices, bytes] = [0, 1, 2, 3].map((index) => kernel.integerParameter(index));
  kernel.for(0, bytes!, PAIR, (offset) => {
    const weight = kernel.vector(weights!.add(offset).load());
    const { luminance, structure } = factorsIn(kernel, sums!.add(offset.mul(MAPS)), weight);
    kernel.store(indices!.add(offset), indexOf(luminance, structure));
  });
  return kernel;
}

function indexOf(luminance: Fraction<Vector>, structure: Fraction<Vector>): Vector {
  return luminance.over.mulDoubles(structure.over).divDoubles(luminance.under.mulDoubles(structure.under));
}

/** `factorsOf` of two positions, whose sums are divided by `weight` where there is one. */
function factorsIn(kernel: FunctionBuilder, address: I32, weight?: Vector): Factors<Vector> {
  const from = kernel.integer(address);
  const mean = (offset: number, lanes: readonly [number, number]): Vector => {
    const sums = from.load(offset).shuffleDoubles(from.load(offset + 32), lanes);
    return kernel.vector(weight === undefined ? sums : sums.divDoubles(weight));
  };
  const [meanA, meanB] = [mean(0, [0, 2]), mean(0, [1, 3])];
  const [squares, product] = [mean(16, [0, 2]), mean(16, [1, 3])];
  const two = F64.constant(2).splat();
  const [c1, c2] = [F64.constant(C1).splat(), F64.constant(C2).splat()];
  const meanProduct = kernel.vector(meanA.mulDoubles(meanB));
  const meanSquares = kernel.vector(meanA.mulDoubles(meanA).addDoubles(meanB.mulDoubles(meanB)));
  const fraction = (over: Vector, under: Vector): Fraction<Vector> => ({
    over: kernel.vector(over),
    under: kernel.vector(under),
  });
  return {
    luminance: fraction(two.mulDoubles(meanProduct).addDoubles(c1), meanSquares.addDoubles(c1)),
    structure: fraction(
      two.mulDoubles(product.subDoubles(meanProduct)).addDoubles(c2),
      squares.subDoubles(meanSquares).addDoubles(c2),
    ),
  };
}
