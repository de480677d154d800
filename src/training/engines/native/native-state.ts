/** State of a run as TensorFlow resource variables, which functions read and update in place. */
import { requireSameShape, type Shape } from '../../graph/shape';
import type { EngineState, NamedTensors } from '../engine';
import type { Handle } from './c-api';
import { execute } from './execute';
import { attribute, DataType } from './operations';
import type { TensorFlow } from './tensorflow';

/** `ResourceHandle::ANONYMOUS_NAME`: a variable that is shared with nothing and goes with its handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';
const dtype = attribute.type('dtype', DataType.float);

export interface Variable {
  readonly handle: Handle;
  readonly shape: Shape;
}

export class NativeState implements EngineState {
  readonly #variables = new Map<string, Variable>();

  constructor(
    readonly tensorFlow: TensorFlow,
    initial: NamedTensors,
  ) {
    for (const [name, { shape, data }] of Object.entries(initial)) {
      const attributes = [
        dtype,
        attribute.shape('shape', shape),
        attribute.string('shared_name', ANONYMOUS),
        attribute.string('container', ''),
      ];
      const handle = execute(tensorFlow, 'VarHandleOp', [], attributes, 1)[0]!;
      this.#variables.set(name, { handle, shape });
      this.#assign(handle, data, shape);
    }
  }

  get names(): readonly string[] {
    return [...this.#variables.keys()];
  }

  /** Throws if the state has no variable of that name and shape. */
  variable(name: string, shape: Shape): Variable {
    const variable = this.#variable(name);
    requireSameShape(variable.shape, shape, `the state’s ${name} and the graph’s`);
    return variable;
  }

  #variable(name: string): Variable {
    const variable = this.#variables.get(name);
    if (variable === undefined) throw new Error(`the state has no tensor “${name}”`);
    return variable;
  }

  #assign(handle: Handle, data: Float32Array, shape: Shape): void {
    const value = this.tensorFlow.upload(data, shape);
    execute(this.tensorFlow, 'AssignVariableOp', [handle, value], [dtype], 0);
    this.tensorFlow.release(value);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- copying blocks here; the interface allows it not to
  async read(names: readonly string[] = this.names): Promise<NamedTensors> {
    return Object.fromEntries(
      names.map((name) => {
        const [value] = execute(this.tensorFlow, 'ReadVariableOp', [this.#variable(name).handle], [dtype], 1);
        const tensor = this.tensorFlow.download(value!);
        this.tensorFlow.release(value!);
        return [name, tensor];
      }),
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async write(values: NamedTensors): Promise<void> {
    const entries = Object.entries(values).map(([name, { shape, data }]) => ({
      handle: this.variable(name, shape).handle,
      shape,
      data,
    }));
    for (const { handle, data, shape } of entries) this.#assign(handle, data, shape);
  }

  dispose(): void {
    for (const { handle } of this.#variables.values()) this.tensorFlow.release(handle);
    this.#variables.clear();
  }
}
