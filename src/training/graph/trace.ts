/**
 * From TensorFlow.js code to a step graph. A backend of TensorFlow.js whose kernels compute nothing: each records an
 * operation and returns tensors that have a shape but no data. Because TensorFlow.js's own tape calls the same kernels,
 * gradients are recorded just like the forward pass.
 */
import {
  DataStorage,
  engine,
  getBackend,
  KernelBackend,
  registerBackend,
  registerKernel,
  tidy,
  type DataId,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { kernelName } from '../operations/kernel';
import { GraphBuilder } from './graph-builder';
import { definitionOf, operationKinds, type OperationKind } from './operations';
import type { Shape } from './shape';
import { simplify } from './simplify';
import type { Attribute, StepGraph, ValueId } from './step-graph';

/** Its name is what TensorFlow.js says when code asks for a kernel that is not in the vocabulary. */
const BACKEND = 'step graph';

class TracingBackend extends KernelBackend {
  /** The trace in progress. Tracing is synchronous, so there is at most one. */
  private builder: GraphBuilder | undefined;
  private valueIds = new DataStorage<ValueId>(this, engine());

  begin(builder: GraphBuilder): void {
    if (this.builder !== undefined) throw new Error('a step cannot be traced while another one is');
    this.builder = builder;
    this.valueIds = new DataStorage<ValueId>(this, engine());
  }

  end(): void {
    this.builder = undefined;
  }

  /** The value that a symbolic tensor stands for. */
  idOf({ dataId }: TensorInfo): ValueId {
    if (!this.valueIds.has(dataId)) {
      throw new Error('a tensor with data was used in a step: only inputs, variables and constants may be');
    }
    return this.valueIds.get(dataId);
  }

  /** A symbolic tensor for a value. */
  symbol(value: ValueId): TensorInfo {
    const dataId: DataId = {};
    this.valueIds.set(dataId, value);
    return { dataId, shape: [...this.current().shapeOf(value)], dtype: 'float32' };
  }

  record(
    kind: OperationKind,
    inputs: readonly TensorInfo[],
    attributes: Readonly<Record<string, Attribute>>,
  ): TensorInfo[] {
    const operands = inputs.map((input) => this.idOf(input));
    return this.current()
      .operation(kind, operands, attributes)
      .map((value) => this.symbol(value));
  }

  /** A tensor made from numbers, such as the tape’s own gradient of one, is a constant of the graph. */
  override write(values: unknown, shape: number[], dtype: string): DataId {
    if (dtype !== 'float32' || !(values instanceof Float32Array || Array.isArray(values))) {
      throw new Error(`a constant of type ${dtype} was used in a step; all values must be float32`);
    }
    return this.symbol(this.current().constant(shape, Float32Array.from(values))).dataId;
  }

  override readSync(): never {
    throw new Error(
      'the data of a tensor were asked for while its step was traced: a step cannot depend on values, only on shapes',
    );
  }

  override read(): Promise<never> {
    return Promise.reject(new Error('the data of a tensor were asked for while its step was traced'));
  }

  override disposeData(): boolean {
    return true;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {
    // Symbols cost nothing, so nobody counts them.
  }

  override numDataIds(): number {
    return this.valueIds.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  private current(): GraphBuilder {
    if (this.builder === undefined) throw new Error('operations can be called only while a step is traced');
    return this.builder;
  }
}

const backend = new TracingBackend();
registerBackend(BACKEND, () => backend, 0);

for (const kind of operationKinds) {
  const names = definitionOf(kind).inputs;
  registerKernel({
    kernelName: kernelName(kind),
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) =>
      backend.record(
        kind,
        names.map((name) => inputs[name]!),
        (attrs ?? {}) as Record<string, Attribute>,
      ),
  });
}

// Kernels that the tape itself calls: it saves clones, casts their gradients, and sums the gradients of a value that is
// used twice.
for (const name of ['Identity', 'Cast']) {
  registerKernel({
    kernelName: name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      if (attrs?.['dtype'] !== undefined && attrs['dtype'] !== 'float32') {
        throw new Error('a step cannot change the type of a tensor: all values are float32');
      }
      const { dataId, shape, dtype } = inputs['x']!;
      return { dataId, shape, dtype };
    },
  });
}
registerKernel({
  kernelName: 'Add',
  backendName: BACKEND,
  kernelFunc: ({ inputs }) => backend.record('Add', [inputs['a']!, inputs['b']!], {})[0]!,
});

/** What a step being traced reads and writes. */
export interface StepContext {
  /** Throws on an unknown name, as the other methods do. */
  input(name: string): Tensor;
  /** The variable as it is when the step begins. */
  variable(name: string): Tensor;
  /** Makes `value` what the variable holds after the step. */
  update(name: string, value: Tensor): void;
  /** Makes `value` a result of the step. */
  output(name: string, value: Tensor): void;
}

export interface StepInterface {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly variables: Readonly<Record<string, Shape>>;
}

/**
 * Runs `step` once on symbolic tensors and returns what it did, simplified. Throws when the step uses a kernel outside
 * of the vocabulary, reads data, or passes shapes that do not fit.
 */
export function traceStep(
  { inputs, variables }: StepInterface,
  step: (context: StepContext) => void,
): StepGraph {
  const builder = new GraphBuilder();
  const previous = getBackend();
  backend.begin(builder);
  try {
    useBackend(BACKEND);
    tidy(() => {
      const symbols = (
        shapes: Readonly<Record<string, Shape>>,
        declare: (name: string, shape: Shape) => ValueId,
      ) =>
        new Map(
          Object.entries(shapes).map(([name, shape]) => [
            name,
            engine().makeTensorFromTensorInfo(backend.symbol(declare(name, shape))),
          ]),
        );
      const inputTensors = symbols(inputs, (name, shape) => builder.input(name, shape));
      const variableTensors = symbols(variables, (name, shape) => builder.variable(name, shape));
      step({
        input: (name) => find(inputTensors, name, 'input'),
        variable: (name) => find(variableTensors, name, 'variable'),
        update: (name, value) => {
          builder.update(name, backend.idOf(value));
        },
        output: (name, value) => {
          builder.output(name, backend.idOf(value));
        },
      });
    });
  } finally {
    backend.end();
    if (previous) useBackend(previous);
  }
  return simplify(builder.build());
}

function find(tensors: ReadonlyMap<string, Tensor>, name: string, what: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`the step has no ${what} ${name}`);
  return tensor;
}

/** `setBackend` returns a promise, but switches at once to a backend that needs no start-up. */
function useBackend(name: string): void {
  void engine().setBackend(name);
  if (getBackend() !== name) throw new Error(`TensorFlow.js did not switch to the backend ${name}`);
}
