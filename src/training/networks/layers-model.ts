/**
 * Reading weights out of a TensorFlow.js LayersModel folder: `model.json` names them, in groups of binary files that hold
 * a group's weights one after the other. Only the groups that are wanted are read.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { explainFileError, hasCode, LabError } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import type { HostTensor, NamedTensors } from '../engines/engine';
import { elementCount } from '../graph/shape';

const groupSchema = z.object({
  paths: z.array(z.string()),
  weights: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.int().min(0)),
      dtype: z.string(),
      quantization: z.unknown().optional(),
    }),
  ),
});
type Group = z.infer<typeof groupSchema>;

const modelSchema = z.object({ weightsManifest: z.array(groupSchema) });

/** The named weights. Throws a `LabError` that names the file if one is missing, damaged or not float32. */
export async function readLayersModel(folder: string, names: readonly string[]): Promise<NamedTensors> {
  const manifest = join(folder, 'model.json');
  const { weightsManifest } = await readJson(manifest, modelSchema);
  const wanted = new Set(names);
  const tensors: Record<string, HostTensor> = {};
  for (const group of weightsManifest) {
    if (!group.weights.some(({ name }) => wanted.has(name))) continue;
    for (const [name, tensor] of await readGroup(folder, group)) {
      if (wanted.has(name)) tensors[name] = tensor;
    }
  }
  const missing = names.find((name) => !Object.hasOwn(tensors, name));
  if (missing !== undefined) {
    throw new LabError(
      `${manifest} has no weights ${missing}. It is another network than the one that is wanted here.`,
    );
  }
  return tensors;
}

async function readGroup(folder: string, group: Group): Promise<[string, HostTensor][]> {
  const bytes = Buffer.concat(await Promise.all(group.paths.map((path) => readShard(folder, path, group))));
  const files = group.paths.join(', ');
  let position = 0;
  const tensors = group.weights.map(({ name, shape, dtype, quantization }): [string, HostTensor] => {
    if (dtype !== 'float32' || quantization !== undefined) {
      throw new LabError(
        `${name} in ${folder} is not plain float32. Export the model again without quantisation.`,
      );
    }
    const length = elementCount(shape) * Float32Array.BYTES_PER_ELEMENT;
    const data = new Float32Array(elementCount(shape));
    new Uint8Array(data.buffer).set(bytes.subarray(position, position + length));
    position += length;
    return [name, { shape, data }];
  });
  if (position !== bytes.length) {
    throw new LabError(
      `${files} in ${folder} should hold ${position} bytes but has ${bytes.length}. The file is damaged; copy it again.`,
    );
  }
  return tensors;
}

async function readShard(folder: string, path: string, group: Group): Promise<Buffer> {
  const file = resolve(folder, path);
  if (!file.startsWith(resolve(folder) + sep)) {
    throw new LabError(
      `model.json in ${folder} names a file outside of its folder: ${path}. It is not used.`,
    );
  }
  try {
    return await readFile(file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw explainFileError('read', file, error);
    const held = group.weights.map(({ name }) => name).join(', ');
    throw new LabError(
      `${file} is missing. It holds ${held}. Copy the whole model there, or choose a content layer that needs less of it.`,
      { cause: error },
    );
  }
}
