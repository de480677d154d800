/** A network as a TensorFlow.js LayersModel: `model.json` with the architecture, and one file with all weights. */
import type { NetworkDescription } from '../../protocol/exported-model';
import { DESCRIPTION_KEY } from '../../protocol/exported-model';
import type { Exportable } from './exportable';
import { kerasModel } from './keras/keras-model';
import { KERAS_VERSION, modelConfig } from './keras/model-config';
import type { ExportedFile } from './exported-file';

export const TFJS_MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

export function exportTfjs(
  exportable: Exportable,
  description: NetworkDescription | undefined,
): ExportedFile[] {
  const model = kerasModel(exportable);
  const weights = model.layers.flatMap(({ name: layer, weights }) =>
    weights.map(({ name, tensor }) => ({ name: `${layer}/${name}`, tensor })),
  );
  const manifest = {
    format: 'layers-model',
    generatedBy: 'SRGAN Lab',
    convertedBy: null,
    modelTopology: {
      keras_version: KERAS_VERSION,
      backend: 'tensorflow',
      model_config: modelConfig(model),
    },
    weightsManifest: [
      {
        paths: [WEIGHTS_FILE],
        weights: weights.map(({ name, tensor }) => ({ name, shape: tensor.shape, dtype: 'float32' })),
      },
    ],
    ...(description !== undefined && { userDefinedMetadata: { [DESCRIPTION_KEY]: description } }),
  };
  const bytes = weights.map(({ tensor: { data } }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return [
    { name: TFJS_MODEL_FILE, content: `${JSON.stringify(manifest)}\n` },
    { name: WEIGHTS_FILE, content: Buffer.concat(bytes) },
  ];
}
