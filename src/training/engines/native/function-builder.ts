/**
 * A step graph as one TensorFlow function. Inputs of the step and the handles of its variables are the function's inputs;
 * a variable is read once where it begins, and written where its update is known. What TensorFlow's optimiser does to the
 * graph (constant folding, fusion, layout) happens when the function first runs.
 */
import type { Shape } from '../../graph/shape';
import type { GraphOutput, Handle } from './c-api';
import { attribute, DataType, floats, type OperationAttribute, type OperationSink } from './operations';
import { setGraphAttributes } from './set-attributes';
import type { TensorFlow } from './tensorflow';

const dtype = attribute.type('dtype', DataType.float);

interface VariableNodes {
  readonly resource: GraphOutput;
  readonly shape: Shape;
  /** Operations that read the variable since it was last written. */
  readers: Handle[];
  lastWrite: Handle | undefined;
  value: GraphOutput | undefined;
}

export class FunctionBuilder implements OperationSink<GraphOutput> {
  readonly #graph: Handle;
  readonly #inputs: GraphOutput[] = [];
  readonly #writes: Handle[] = [];
  readonly #variables = new Map<string, VariableNodes>();
  readonly #remembered = new Map<GraphOutput, readonly GraphOutput[]>();
  readonly #constants = new Map<string, GraphOutput>();
  #nodes = 0;

  constructor(readonly tensorFlow: TensorFlow) {
    this.#graph = tensorFlow.api.TF_NewGraph();
  }

  add(
    type: string,
    inputs: readonly GraphOutput[],
    attributes: readonly OperationAttribute[],
    outputs: number,
    listed = 0,
  ): GraphOutput[] {
    const configure = (operation: Handle): void => {
      setGraphAttributes(this.tensorFlow, operation, attributes);
    };
    const oper = this.#node(type, inputs, configure, { listed });
    return Array.from({ length: outputs }, (_, index) => ({ oper, index }));
  }

  floats(data: Float32Array, shape: Shape): GraphOutput {
    return this.#constant(data, shape);
  }

  integers(data: readonly number[], shape: Shape = [data.length]): GraphOutput {
    return this.#constant(Int32Array.from(data), shape);
  }

  recall(value: GraphOutput): readonly GraphOutput[] | undefined {
    return this.#remembered.get(value);
  }

  remember(value: GraphOutput, beside: readonly GraphOutput[]): void {
    this.#remembered.set(value, beside);
  }

  /** A function input of this shape. Inputs are numbered in the order they are made. */
  input(shape: Shape): GraphOutput {
    return this.#ensureShape(this.#placeholder(DataType.float, shape), shape);
  }

  /** A function input that takes the handle of a variable. */
  variable(name: string, shape: Shape): void {
    const resource = this.#placeholder(DataType.resource, []);
    this.#variables.set(name, { resource, shape, readers: [], lastWrite: undefined, value: undefined });
  }

  /** The variable's value as of its last write. */
  read(name: string): GraphOutput {
    const variable = this.#nodesOf(name);
    if (variable.value === undefined) {
      const after = variable.lastWrite === undefined ? [] : [variable.lastWrite];
      const oper = this.#node(
        'ReadVariableOp',
        [variable.resource],
        (operation) => {
          setGraphAttributes(this.tensorFlow, operation, [dtype]);
        },
        { after },
      );
      variable.readers.push(oper);
      variable.value = this.#ensureShape({ oper, index: 0 }, variable.shape);
    }
    return variable.value;
  }

  /** Writes the variables through one operation that takes their handles first, after all earlier reads and writes of them. */
  write(
    type: string,
    names: readonly string[],
    inputs: readonly GraphOutput[],
    attributes: readonly OperationAttribute[],
  ): void {
    const variables = names.map((name) => this.#nodesOf(name));
    const after = variables.flatMap(({ readers, lastWrite }) => [
      ...readers,
      ...(lastWrite === undefined ? [] : [lastWrite]),
    ]);
    const oper = this.#node(
      type,
      [...variables.map(({ resource }) => resource), ...inputs],
      (operation) => {
        setGraphAttributes(this.tensorFlow, operation, attributes);
      },
      { after },
    );
    for (const variable of variables) {
      variable.readers = [];
      variable.lastWrite = oper;
      variable.value = undefined;
    }
    this.#writes.push(oper);
  }

  assign(name: string, value: GraphOutput): void {
    this.write('AssignVariableOp', [name], [value], [dtype]);
  }

  /** Registers the function under this name, which must be new to the context, and ends the builder. */
  finish(name: string, outputs: readonly GraphOutput[]): void {
    const { api, context } = this.tensorFlow;
    const addresses = BigUint64Array.from(this.#writes, BigInt);
    const [inputs, writes] = [this.#inputs, this.#writes.length];
    const built = this.tensorFlow.check('make a function of the step', (status) =>
      api.TF_GraphToFunctionWithControlOutputs(
        ...([this.#graph, name, 0, -1, null, inputs.length, inputs] as const),
        ...([outputs.length, outputs, null, writes, addresses, null, 0, null, status] as const),
      ),
    );
    try {
      this.tensorFlow.check('register the step', (status) => {
        api.TFE_ContextAddFunction(context, built, status);
      });
    } finally {
      api.TF_DeleteFunction(built);
    }
  }

  dispose(): void {
    this.tensorFlow.api.TF_DeleteGraph(this.#graph);
  }

  #nodesOf(name: string): VariableNodes {
    const variable = this.#variables.get(name);
    if (variable === undefined) throw new Error(`the function has no variable “${name}”`);
    return variable;
  }

  #node(
    type: string,
    inputs: readonly GraphOutput[],
    configure: (operation: Handle) => void,
    { after = [], listed = 0 }: { after?: readonly Handle[]; listed?: number } = {},
  ): Handle {
    const { api } = this.tensorFlow;
    const description = api.TF_NewOperation(this.#graph, type, `n${this.#nodes++}`);
    if (listed > 0) api.TF_AddInputList(description, inputs.slice(0, listed), listed);
    for (const input of inputs.slice(listed)) api.TF_AddInput(description, input);
    for (const operation of new Set(after)) api.TF_AddControlInput(description, operation);
    configure(description);
    return this.tensorFlow.check(`add ${type} to the step`, (status) =>
      api.TF_FinishOperation(description, status),
    );
  }

  #placeholder(type: number, shape: Shape): GraphOutput {
    const attributes = [attribute.type('dtype', type), attribute.shape('shape', shape)];
    const output = this.add('Placeholder', [], attributes, 1)[0]!;
    this.#inputs.push(output);
    return output;
  }

  /** Tells the optimiser a shape that it cannot see through a function's border. */
  #ensureShape(value: GraphOutput, shape: Shape): GraphOutput {
    return this.add('EnsureShape', [value], [floats, attribute.shape('shape', shape)], 1)[0]!;
  }

  #constant(data: Float32Array | Int32Array, shape: Shape): GraphOutput {
    const key = data.length <= 8 ? `${data.constructor.name} ${data.join()} [${shape.join()}]` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const { api } = this.tensorFlow;
    const tensor = this.tensorFlow.newTensor(data, shape);
    const type = data instanceof Float32Array ? DataType.float : DataType.int32;
    const oper = this.#node('Const', [], (operation) => {
      setGraphAttributes(this.tensorFlow, operation, [attribute.type('dtype', type)]);
      this.tensorFlow.check('add a constant', (status) => {
        api.TF_SetAttrTensor(operation, 'value', tensor, status);
      });
    });
    api.TF_DeleteTensor(tensor);
    const output = { oper, index: 0 };
    if (key !== undefined) this.#constants.set(key, output);
    return output;
  }
}
