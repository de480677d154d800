/** The architecture of a model in JSON, as Keras 2 writes it: what `model.json` and the HDF5 file name their layers by. */
import type { KerasLayer, KerasModel } from './layer';

/** Of the Keras whose form this is. */
export const KERAS_VERSION = '2.15.0';

export interface ModelConfig {
  readonly class_name: 'Functional';
  readonly config: {
    readonly name: string;
    readonly layers: readonly LayerConfig[];
    readonly input_layers: readonly (readonly [string, number, number])[];
    readonly output_layers: readonly (readonly [string, number, number])[];
  };
}

interface LayerConfig {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** For each call of the layer, what it reads: layer, its call, its output, further arguments. */
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number, object])[])[];
}

export function modelConfig({ name, layers, input, output }: KerasModel): ModelConfig {
  return {
    class_name: 'Functional',
    config: {
      name,
      layers: layers.map(layerConfig),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
  };
}

function layerConfig({ className, name, config, inputs }: KerasLayer): LayerConfig {
  return {
    class_name: className,
    name,
    config: { name, dtype: 'float32', ...config },
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}] as const)],
  };
}
