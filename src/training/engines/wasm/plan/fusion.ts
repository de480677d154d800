/**
 * Finds operations that a kernel before them can do on the way, while its results are still in registers: a convolution
 * adds its bias, normalises by given statistics and rectifies; batch normalisation rectifies. What they would have read is
 * then never stored. In the same way Adam makes a dense layer's gradient, which nothing else reads.
 */
import { elementCount } from '../../../graph/shape';
import { definitionOf, type TypedOperation } from '../../../graph/operations';
import type { StepGraph, ValueId } from '../../../graph/step-graph';

/** What an operation does to its first output before it stores it, in this order. */
export interface Epilogue {
  readonly bias: ValueId | undefined;
  readonly normalisation: NormalisationEpilogue | undefined;
  /** A leaky ReLU's slope, or the value that holds a PReLU's slopes. */
  readonly slope: { readonly constant: number } | { readonly value: ValueId } | undefined;
  /** The value that results, in place of the operation's own first output. */
  readonly output: ValueId;
}

/** Batch normalisation in inference: values of one number a channel. */
export interface NormalisationEpilogue {
  readonly gamma: ValueId;
  readonly beta: ValueId;
  readonly mean: ValueId;
  readonly variance: ValueId;
  readonly epsilon: number;
}

export interface Fusion {
  /** By index of the operation that has one. */
  readonly epilogues: ReadonlyMap<number, Epilogue>;
  /** By index of an `AdamUpdate`, the factors of the product Aᵀ · B that its gradient is. */
  readonly gradientProducts: ReadonlyMap<number, readonly [ValueId, ValueId]>;
  /** Indices of the operations that others do on the way. */
  readonly absorbed: ReadonlySet<number>;
}

/** Operations whose kernels know epilogues, and whether these may be more than a rectifier. */
const heads: Partial<Record<TypedOperation['kind'], { readonly linear: boolean }>> = {
  Conv2D: { linear: true },
  BatchNormTraining: { linear: false },
  BatchNormInference: { linear: false },
};

/** Epilogues of the operations of a graph. A value that anything else reads as well is stored, and ends the epilogue. */
export function fuse(graph: StepGraph, operations: readonly TypedOperation[]): Fusion {
  const soleReader = soleReaders(graph, operations);
  const producer = new Map<ValueId, number>();
  operations.forEach(({ outputs }, index) => {
    for (const output of outputs) producer.set(output, index);
  });
  const epilogues = new Map<number, Epilogue>();
  const absorbed = new Set<number>();

  operations.forEach(({ kind, outputs }, head) => {
    const able = heads[kind];
    if (able === undefined || absorbed.has(head)) return;
    let output = outputs[0]!;
    let bias: Epilogue['bias'];
    let normalisation: Epilogue['normalisation'];
    let slope: Epilogue['slope'];
    const parts: number[] = [];
    /** The operation that alone reads what there is so far, if its other operands are there when the head runs. */
    const next = (): TypedOperation | undefined => {
      const index = soleReader.get(output);
      if (index === undefined) return undefined;
      const operation = operations[index]!;
      const [x, ...others] = operation.inputs;
      return x === output && others.every((other) => (producer.get(other) ?? -1) < head)
        ? operation
        : undefined;
    };
    const absorb = (operation: TypedOperation): void => {
      parts.push(soleReader.get(output)!);
      output = operation.outputs[0]!;
    };
    let following = next();
    if (able.linear && following?.kind === 'BiasAdd') {
      bias = following.inputs[1];
      absorb(following);
      following = next();
    }
    if (able.linear && following?.kind === 'BatchNormInference') {
      const [, gamma, beta, mean, variance] = following.inputs as [
        ValueId,
        ValueId,
        ValueId,
        ValueId,
        ValueId,
      ];
      normalisation = { gamma, beta, mean, variance, epsilon: following.attributes.epsilon };
      absorb(following);
      following = next();
    }
    if (following?.kind === 'LeakyRelu') {
      slope = { constant: following.attributes.slope };
      absorb(following);
    } else if (following?.kind === 'PRelu') {
      slope = { value: following.inputs[1]! };
      absorb(following);
    }
    if (parts.length === 0) return;
    epilogues.set(head, { bias, normalisation, slope, output });
    for (const part of parts) absorbed.add(part);
  });
  const gradientProducts = findGradientProducts(graph, operations, soleReader);
  for (const { product } of gradientProducts) absorbed.add(product);
  return {
    epilogues,
    gradientProducts: new Map(gradientProducts.map(({ update, factors }) => [update, factors])),
    absorbed,
  };
}

/** Floats of B that a core's cache holds beside rows of parameters. */
const MOST_FACTOR_FLOATS = 64 * 1024;

/** Which operand of `AdamUpdate` is the gradient. */
const GRADIENT = definitionOf('AdamUpdate').inputs.indexOf('gradient');

/** Products Aᵀ · B that only one `AdamUpdate` reads, as its gradient. */
function findGradientProducts(
  graph: StepGraph,
  operations: readonly TypedOperation[],
  soleReader: ReadonlyMap<ValueId, number>,
) {
  // The factors are read later than the product is: they must not lie in a variable that has been updated by then.
  const inVariables = new Set(graph.variables.flatMap(({ value, update }) => [value, update]));
  for (const { kind, inputs, outputs } of operations) {
    if (kind === 'Reshape' && inVariables.has(inputs[0])) inVariables.add(outputs[0]);
  }
  return operations.flatMap(({ kind, inputs, outputs, attributes }, product) => {
    if (kind !== 'MatMul' || !attributes.transposeA || attributes.transposeB) return [];
    const update = soleReader.get(outputs[0]!);
    const reader = update === undefined ? undefined : operations[update];
    if (update === undefined || reader?.kind !== 'AdamUpdate') return [];
    if (reader.inputs[GRADIENT] !== outputs[0]) return [];
    const [a, b] = inputs as [ValueId, ValueId];
    if (inVariables.has(a) || inVariables.has(b)) return [];
    if (elementCount(graph.values[b]!.shape) > MOST_FACTOR_FLOATS) return [];
    return [{ product, update, factors: [a, b] as const }];
  });
}

/** The operation that reads a value, for those values that one operation reads once and nobody wants afterwards. */
function soleReaders(graph: StepGraph, operations: readonly TypedOperation[]): ReadonlyMap<ValueId, number> {
  const readers = new Map<ValueId, number[]>();
  operations.forEach(({ inputs }, index) => {
    for (const input of inputs) readers.set(input, [...(readers.get(input) ?? []), index]);
  });
  const wanted = new Set<ValueId | undefined>([
    ...graph.outputs.map(({ value }) => value),
    ...graph.variables.map(({ update }) => update),
  ]);
  return new Map(
    Array.from(readers).flatMap(([value, [reader, ...others]]) =>
      others.length > 0 || wanted.has(value) ? [] : [[value, reader!]],
    ),
  );
}
