/** Writes a step graph: values are numbered as they come, every operation is checked and its shapes are inferred. */
import { inferShapes, type OperationKind } from './operations';
import { elementCount, formatShape, requireSameShape, type Shape } from './shape';
import type { Attribute, Operation, StateVariable, StepGraph, ValueId } from './step-graph';

type Named = StepGraph['inputs'][number];

export class GraphBuilder {
  private readonly values: Shape[] = [];
  private readonly inputs: Named[] = [];
  private readonly outputs: Named[] = [];
  private readonly constants: StepGraph['constants'][number][] = [];
  private readonly variables = new Map<string, StateVariable>();
  private readonly operations: Operation[] = [];

  shapeOf(value: ValueId): Shape {
    const shape = this.values[value];
    if (shape === undefined) throw new Error(`the graph has no value ${value}`);
    return shape;
  }

  input(name: string, shape: Shape): ValueId {
    const value = this.newValue(shape);
    this.inputs.push({ name, value });
    return value;
  }

  constant(shape: Shape, data: Float32Array): ValueId {
    if (data.length !== elementCount(shape)) {
      throw new Error(`a constant ${formatShape(shape)} cannot have ${data.length} elements`);
    }
    const value = this.newValue(shape);
    this.constants.push({ value, data });
    return value;
  }

  variable(name: string, shape: Shape): ValueId {
    if (this.variables.has(name)) throw new Error(`the variable ${name} is declared twice`);
    const value = this.newValue(shape);
    this.variables.set(name, { name, value });
    return value;
  }

  /** Says what the variable `name` holds after the step. */
  update(name: string, update: ValueId): void {
    const variable = this.variables.get(name);
    if (variable === undefined) throw new Error(`there is no variable ${name} to update`);
    requireSameShape(
      this.shapeOf(variable.value),
      this.shapeOf(update),
      `the variable ${name} and its update`,
    );
    this.variables.set(name, { ...variable, update });
  }

  /** Appends an operation on values that exist already; returns its results. */
  operation(
    kind: OperationKind,
    inputs: readonly ValueId[],
    attributes: Readonly<Record<string, Attribute>>,
  ): readonly ValueId[] {
    const shapes = inferShapes(
      kind,
      inputs.map((input) => this.shapeOf(input)),
      attributes,
    );
    const outputs = shapes.map((shape) => this.newValue(shape));
    this.operations.push({ kind, inputs, attributes, outputs });
    return outputs;
  }

  output(name: string, value: ValueId): void {
    this.outputs.push({ name, value });
  }

  build(): StepGraph {
    return {
      values: this.values.map((shape) => ({ shape })),
      inputs: this.inputs,
      constants: this.constants,
      variables: [...this.variables.values()],
      operations: this.operations,
      outputs: this.outputs,
    };
  }

  private newValue(shape: Shape): ValueId {
    return this.values.push(shape) - 1;
  }
}
