/**
 * Kernels as plain loops over float32 arrays, which other engines are held against: written to be seen to be right. They
 * know nothing of TensorFlow.js. Sums are taken in double precision.
 */
import type { ShapesOf } from '../../../graph/vocabulary/definition';
import type { AttributesOf, OperationKind, vocabulary } from '../../../graph/operations';

type InputsOf<K extends OperationKind> = (typeof vocabulary)[K]['inputs'];
type OutputsOf<K extends OperationKind> = (typeof vocabulary)[K]['outputs'];
type ArraysOf<Names extends readonly string[]> = { readonly [I in keyof Names]: Float32Array };

/** What a kernel needs to know besides the data. */
export interface Call<K extends OperationKind> {
  readonly attributes: AttributesOf<K>;
  readonly inputShapes: ShapesOf<InputsOf<K>>;
  readonly outputShapes: ShapesOf<OutputsOf<K>>;
}

/** Fills `outputs`, whose content is arbitrary before, from `inputs`. None of the arrays overlap. */
export type PlainKernel<K extends OperationKind> = (
  inputs: ArraysOf<InputsOf<K>>,
  outputs: ArraysOf<OutputsOf<K>>,
  call: Call<K>,
) => void;
