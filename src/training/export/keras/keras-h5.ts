/**
 * A network as a whole Keras model in HDF5: the architecture in JSON as an attribute, and a group of weights for each
 * layer, in the order of the attributes `layer_names` and `weight_names`. Keras 2 and 3 read it, and so does h5py.
 */
import { DESCRIPTION_KEY, type NetworkDescription } from '../../../protocol/exported-model';
import { hdf5Library, memoryFile, type Group } from '../../hdf5/library';
import type { Exportable } from '../exportable';
import type { ExportedFile } from '../exported-file';
import { kerasModel } from './keras-model';
import type { KerasLayer } from './layer';
import { KERAS_VERSION, modelConfig } from './model-config';

export const KERAS_FILE = 'model.h5';

export async function exportKeras(
  exportable: Exportable,
  description: NetworkDescription | undefined,
): Promise<ExportedFile[]> {
  const model = kerasModel(exportable);
  const { File } = await hdf5Library();
  const { name, bytes } = await memoryFile();
  try {
    const file = new File(name, 'w');
    try {
      writeVersion(file);
      file.create_attribute('model_config', JSON.stringify(modelConfig(model)));
      if (description !== undefined) file.create_attribute(DESCRIPTION_KEY, JSON.stringify(description));
      const weights = file.create_group('model_weights');
      writeVersion(weights);
      weights.create_attribute(
        'layer_names',
        model.layers.map((layer) => layer.name),
      );
      for (const layer of model.layers) writeLayer(weights, layer);
    } finally {
      file.close();
    }
    return [{ name: KERAS_FILE, content: bytes.read() }];
  } finally {
    bytes.forget();
  }
}

function writeVersion(group: Group): void {
  group.create_attribute('backend', 'tensorflow');
  group.create_attribute('keras_version', KERAS_VERSION);
}

function writeLayer(parent: Group, { name: layer, weights }: KerasLayer): void {
  const group = parent.create_group(layer);
  const names = weights.map(({ name }) => `${layer}/${name}:0`);
  // Of an empty list the library cannot tell the type.
  if (names.length === 0) group.create_attribute('weight_names', new Float64Array(0), [0]);
  else group.create_attribute('weight_names', names);
  if (weights.length === 0) return;
  const inner = group.create_group(layer);
  for (const { name, tensor } of weights) {
    inner.create_dataset({ name: `${name}:0`, data: tensor.data, shape: [...tensor.shape], dtype: '<f4' });
  }
}
