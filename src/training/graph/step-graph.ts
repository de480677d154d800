/**
 * A step graph: one training step, or one inference, as data. It is made by tracing TensorFlow.js code on symbolic
 * tensors and run by an engine. Think of a flat program in single-assignment form: values with shapes, operations in an
 * order that can be executed, and state that is read at the start and replaced at the end.
 */

/** Index into `StepGraph.values`. */
export type ValueId = number;

export interface ValueSpec {
  /** Row-major (NHWC for images, HWIO for convolution kernels). All values are float32. */
  readonly shape: readonly number[];
}

export type Attribute = number | string | boolean | readonly number[];

export interface Operation {
  /** Name from the vocabulary in `operations.ts`. */
  readonly kind: string;
  readonly inputs: readonly ValueId[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly ValueId[];
}

export interface StateVariable {
  readonly name: string;
  /** What the variable holds when the step begins. */
  readonly value: ValueId;
  /** What it holds after the step; absent where the step only reads it. */
  readonly update?: ValueId;
}

export interface StepGraph {
  readonly values: readonly ValueSpec[];
  /** Fed at every run. */
  readonly inputs: readonly { readonly name: string; readonly value: ValueId }[];
  readonly constants: readonly { readonly value: ValueId; readonly data: Float32Array }[];
  readonly variables: readonly StateVariable[];
  readonly operations: readonly Operation[];
  /** Read back after every run. */
  readonly outputs: readonly { readonly name: string; readonly value: ValueId }[];
}
