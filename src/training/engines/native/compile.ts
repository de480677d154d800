/** From a step graph to a TensorFlow function: inputs, variables, kernels, in-place Adam, assignments, outputs. */
import { typedOperation, type TypedOperation } from '../../graph/operations';
import type { Shape } from '../../graph/shape';
import type { StateVariable, StepGraph, ValueId } from '../../graph/step-graph';
import type { GraphOutput } from './c-api';
import { FunctionBuilder } from './function-builder';
import { applyKernel } from './kernels/index';
import { attribute, floats, scalar } from './operations';
import type { TensorFlow } from './tensorflow';

type AdamUpdate = Extract<TypedOperation, { kind: 'AdamUpdate' }>;

/** Registers the graph as a function of this name: its inputs are the graph's inputs, then the handles of its variables. */
export function compileStepGraph(tensorFlow: TensorFlow, graph: StepGraph, name: string): void {
  const builder = new FunctionBuilder(tensorFlow);
  try {
    new Translation(graph, builder).run(name);
  } finally {
    builder.dispose();
  }
}

class Translation {
  readonly #values = new Map<ValueId, GraphOutput>();
  /** Variables by the value they begin with, and by the value they end with. */
  readonly #byValue = new Map<ValueId, StateVariable>();
  readonly #byUpdate = new Map<ValueId, StateVariable>();
  readonly #updatedInPlace = new Set<string>();

  constructor(
    readonly graph: StepGraph,
    readonly builder: FunctionBuilder,
  ) {
    for (const variable of graph.variables) {
      this.#byValue.set(variable.value, variable);
      if (variable.update !== undefined) this.#byUpdate.set(variable.update, variable);
    }
  }

  run(name: string): void {
    const { graph, builder } = this;
    for (const { value } of graph.inputs) this.#values.set(value, builder.input(this.#shape(value)));
    for (const { value, data } of graph.constants)
      this.#values.set(value, builder.floats(data, this.#shape(value)));
    for (const variable of graph.variables) builder.variable(variable.name, this.#shape(variable.value));
    // All variables are read before any is written: an operation late in the graph may still want the old value.
    for (const variable of graph.variables) this.#values.set(variable.value, builder.read(variable.name));
    for (const operation of graph.operations) this.#add(typedOperation(operation));
    for (const { name: variable, value, update } of graph.variables) {
      if (update === undefined || update === value || this.#updatedInPlace.has(variable)) continue;
      builder.assign(variable, this.#value(update));
    }
    builder.finish(
      name,
      graph.outputs.map(({ value }) => this.#value(value)),
    );
  }

  #add(operation: TypedOperation): void {
    if (operation.kind === 'AdamUpdate' && this.#updateInPlace(operation)) return;
    const outputs = applyKernel(
      this.builder,
      operation,
      operation.inputs.map((id) => this.#value(id)),
      operation.inputs.map((id) => this.#shape(id)),
    );
    operation.outputs.forEach((id, index) => this.#values.set(id, outputs[index]!));
  }

  /**
   * `ResourceApplyAdam` where parameter and moments are state that this operation updates. With both powers of beta zero, its
   * own bias correction is 1, and its learning rate is our step size.
   */
  #updateInPlace({ inputs, outputs, attributes }: AdamUpdate): boolean {
    const state = [0, 1, 2].map((slot) => {
      const variable = this.#byValue.get(inputs[slot]!);
      return variable !== undefined && this.#byUpdate.get(outputs[slot]!) === variable ? variable : undefined;
    });
    if (state.includes(undefined)) return false;
    const names = state.map((variable) => variable!.name);
    const { builder } = this;
    const [gradient, stepSize, epsilon] = [3, 4, 5].map((slot) => this.#value(inputs[slot]!));
    const constants = [0, 0].map((power) => scalar(builder, power));
    const betas = [attributes.beta1, attributes.beta2].map((beta) => scalar(builder, beta));
    builder.write(
      'ResourceApplyAdam',
      names,
      [...constants, stepSize!, ...betas, epsilon!, gradient!],
      [floats, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)],
    );
    names.forEach((name) => this.#updatedInPlace.add(name));
    return true;
  }

  #value(id: ValueId): GraphOutput {
    const value = this.#values.get(id);
    if (value !== undefined) return value;
    const variable = this.#byUpdate.get(id);
    if (variable !== undefined && this.#updatedInPlace.has(variable.name))
      return this.builder.read(variable.name);
    throw new Error(`the step graph uses value ${id} before it is computed`);
  }

  #shape(id: ValueId): Shape {
    return this.graph.values[id]!.shape;
  }
}
