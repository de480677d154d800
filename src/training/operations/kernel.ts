/**
 * How an operation of the vocabulary is called from TensorFlow.js code, and how TensorFlow.js's tape learns its
 * gradient. Operations are kernels of the tracing backend only (graph/trace.ts): calling one records it.
 */
import {
  engine,
  registerGradient,
  type GradConfig,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { vocabulary, type AttributesOf, type InputOf, type OperationKind } from '../graph/operations';
import type { Attribute } from '../graph/step-graph';

type TensorsOf<Names extends readonly string[]> = { readonly [I in keyof Names]: Tensor };
type OutputsOf<K extends OperationKind> = (typeof vocabulary)[K]['outputs'];

/**
 * Name of an operation's kernel in TensorFlow.js's registries. They are global, and another backend in this process
 * may have brought its own gradient for a kernel of the same plain name but with other attributes.
 */
export function kernelName(kind: OperationKind): string {
  return `StepGraph.${kind}`;
}

/** Calls an operation; a step must be being traced. Returns one tensor for each of its outputs, in order. */
export function run<K extends OperationKind>(
  kind: K,
  inputs: Readonly<Record<InputOf<K>, Tensor>>,
  attributes: AttributesOf<K>,
): TensorsOf<OutputsOf<K>> {
  const outputs = engine().runKernel<Tensor[]>(kernelName(kind), inputs, mutable(attributes));
  return outputs as readonly Tensor[] as TensorsOf<OutputsOf<K>>;
}

/** TensorFlow.js declares attributes mutable, though nobody changes them. */
function mutable(attributes: Readonly<Record<string, Attribute>>): NamedAttrMap {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
}

/**
 * Declares the gradient of an operation with respect to its first output, or to all of them.
 *
 * @param saved names of the operands that the gradient reads
 * @param savedOutputs names of the results that it reads
 * @param gradient from dy and the saved tensors to one function for each operand that has a gradient; only those that
 *   are needed are called. Two may call the same operation: equal operations of a step become one (graph/simplify.ts).
 *   Its last argument are the gradients of all outputs, in order; `dy` is the first.
 */
export function defineGradient<
  K extends OperationKind,
  Saved extends InputOf<K>,
  SavedOutput extends OutputsOf<K>[number] = never,
>(
  kind: K,
  { saved, savedOutputs = [] }: { saved: readonly Saved[]; savedOutputs?: readonly SavedOutput[] },
  gradient: (
    dy: Tensor,
    values: Readonly<Record<Saved | SavedOutput, Tensor>>,
    attributes: AttributesOf<K>,
    dys: readonly Tensor[],
  ) => Partial<Record<InputOf<K>, () => Tensor>>,
): void {
  const inputNames = saved as readonly string[];
  const outputNames = savedOutputs as readonly string[];
  // The tape hands saved tensors over in the order of the registered inputs, then of the kernel's outputs.
  const outputs = vocabulary[kind].outputs as readonly string[];
  const names = [...inputNames, ...outputs.filter((name) => outputNames.includes(name))];
  const config: GradConfig = {
    kernelName: kernelName(kind),
    inputsToSave: [...inputNames],
    outputsToSave: outputs.map((name) => outputNames.includes(name)),
    gradFunc: (dy, tensors, attributes) => {
      const values = Object.fromEntries(names.map((name, index) => [name, tensors[index]]));
      const dys = Array.isArray(dy) ? dy : [dy];
      return gradient(
        dys[0]!,
        values as Record<Saved | SavedOutput, Tensor>,
        attributes as AttributesOf<K>,
        dys,
      ) as Record<string, () => Tensor>;
    },
  };
  registerGradient(config);
}
