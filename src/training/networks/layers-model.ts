/**
 * Reading weights out of a TensorFlow.js LayersModel folder: `model.json` names them, in groups of binary files that hold
 * a group's weights one after the other. Only the groups that are wanted are read.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { explainFileError, hasCode, LabError } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import type { HostTensor, NamedTensors } from '../engines/engine';
import { elementCount, type Shape } from '../graph/shape';

export const MODEL_FILE = 'model.json';

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

const modelSchema = z.object({
  weightsManifest: z.array(groupSchema),
  userDefinedMetadata: z.record(z.string(), z.unknown()).optional(),
});

/**
 * What a LayersModel holds: the shape of each tensor by its name, as far as the files that hold it are there, and what its
 * maker wrote beside.
 */
export async function describeLayersModel(
  folder: string,
): Promise<{ shapes: ReadonlyMap<string, Shape>; metadata: Readonly<Record<string, unknown>> }> {
  const { weightsManifest, userDefinedMetadata = {} } = await readJson(join(folder, MODEL_FILE), modelSchema);
  const entries = weightsManifest
    .filter(({ paths }) => paths.every((path) => existsSync(shardFile(folder, path))))
    .flatMap(({ weights }) => weights.map(({ name, shape }) => [name, shape] as const));
  return { shapes: new Map(entries), metadata: userDefinedMetadata };
}

/** The named weights. Throws a `LabError` that names the file if one is missing, damaged or not float32. */
export async function readLayersModel(folder: string, names: readonly string[]): Promise<NamedTensors> {
  const manifest = join(folder, MODEL_FILE);
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
  for (const { name, dtype, quantization } of group.weights) {
    if (dtype !== 'float32' || quantization !== undefined) {
      throw new LabError(
        `${name} in ${folder} is not plain float32. Export the model again without quantisation.`,
      );
    }
  }
  const lengths = group.weights.map(({ shape }) => elementCount(shape) * Float32Array.BYTES_PER_ELEMENT);
  const claimed = lengths.reduce((sum, length) => sum + length, 0);
  if (claimed !== bytes.length) {
    throw new LabError(
      `${files} in ${folder} should hold ${claimed} bytes but has ${bytes.length}. The file is damaged; copy it again.`,
    );
  }
  let position = 0;
  return group.weights.map(({ name, shape }, index): [string, HostTensor] => {
    const data = new Float32Array(elementCount(shape));
    new Uint8Array(data.buffer).set(bytes.subarray(position, position + lengths[index]!));
    position += lengths[index]!;
    return [name, { shape, data }];
  });
}

async function readShard(folder: string, path: string, group: Group): Promise<Buffer> {
  const file = shardFile(folder, path);
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

/** A file of the manifest. Throws a `LabError` if it lies outside of the model's folder. */
function shardFile(folder: string, path: string): string {
  const file = resolve(folder, path);
  if (file.startsWith(resolve(folder) + sep)) return file;
  throw new LabError(`model.json in ${folder} names a file outside of its folder: ${path}. It is not used.`);
}
