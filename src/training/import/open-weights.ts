/** Opening what a person named: a LayersModel's folder or `model.json`, a Keras HDF5 file, or safetensors. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { explainFileError, LabError } from '../../folders/lab-error';
import { DESCRIPTION_KEY } from '../../protocol/exported-model';
import { describeLayersModel, MODEL_FILE, readLayersModel } from '../networks/layers-model';
import { decodeSafetensors, safetensorsMetadata } from '../run/safetensors';
import { tensorsOf, type ForeignWeights } from './foreign-weights';
import { withHdf5Weights } from './read-hdf5';

/** Files that an export's folder may hold, in the order in which they are looked for. */
const filesOfFolder = [MODEL_FILE, 'model.h5', 'model.safetensors'];

/**
 * Opens the weights in a file or folder and gives them to `use`. Throws a `LabError` if there are none, or they are
 * damaged or of a kind that is not read.
 */
export async function withForeignWeights<T>(
  path: string,
  use: (weights: ForeignWeights) => Promise<T>,
): Promise<T> {
  const file = fileOf(path);
  if (basename(file) === MODEL_FILE || extname(file) === '.json') return use(await layersModel(file));
  switch (extname(file).toLowerCase()) {
    case '.h5':
    case '.hdf5':
    case '.keras':
      return withHdf5Weights(file, use);
    case '.safetensors':
      return use(await safetensors(file));
    default:
      throw new LabError(
        `${file} is of no kind that can be imported: a TensorFlow.js LayersModel (model.json), Keras’ .h5, or .safetensors.`,
      );
  }
}

function fileOf(path: string): string {
  if (!existsSync(path)) throw new LabError(`${path} does not exist.`);
  if (!statSync(path).isDirectory()) return path;
  const found = filesOfFolder.find((name) => existsSync(join(path, name)));
  if (found !== undefined) return join(path, found);
  throw new LabError(
    `The folder ${path} holds no model that can be imported: none of ${filesOfFolder.join(', ')}. Name the file itself.`,
  );
}

async function layersModel(file: string): Promise<ForeignWeights> {
  const folder = dirname(file);
  if (basename(file) !== MODEL_FILE) {
    throw new LabError(`${file} must be called ${MODEL_FILE}, as TensorFlow.js writes it.`);
  }
  const { shapes, metadata } = await describeLayersModel(folder);
  return {
    format: 'tfjs',
    path: file,
    shapes,
    description: Object.hasOwn(metadata, DESCRIPTION_KEY) ? metadata[DESCRIPTION_KEY] : undefined,
    read: (names) => readLayersModel(folder, names),
  };
}

async function safetensors(file: string): Promise<ForeignWeights> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw explainFileError('read', file, error);
  }
  const tensors = decodeSafetensors(bytes, file, true);
  const metadata = safetensorsMetadata(bytes);
  return {
    format: 'safetensors',
    path: file,
    shapes: new Map(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
    description: parsed(Object.hasOwn(metadata, DESCRIPTION_KEY) ? metadata[DESCRIPTION_KEY] : undefined),
    read: (names) => Promise.resolve(tensorsOf(names.map((name) => [name, tensors[name]!]))),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
