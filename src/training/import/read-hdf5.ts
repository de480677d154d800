/**
 * Keras' HDF5 files, whole models and weights alone: attributes name the layers, a group each, and attributes of these the
 * weights. The library runs in WebAssembly on a copy of the file, so links out of the file lead nowhere. Still nothing in
 * the file is believed: what a data set claims to hold is held against the size of the file before it is read.
 */
import { readFile, stat } from 'node:fs/promises';
import { explainFileError, LabError, messageOf } from '../../folders/lab-error';
import { DESCRIPTION_KEY } from '../../protocol/exported-model';
import type { HostTensor } from '../engines/engine';
import { elementCount, formatShape, type Shape } from '../graph/shape';
import {
  hdf5Library,
  memoryFile,
  type Attribute,
  type Dataset,
  type Group,
  type Hdf5File,
} from '../hdf5/library';
import { tensorsOf, type ForeignWeights } from './foreign-weights';
import { kerasWeightName } from './keras-names';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const FLOAT_BYTES = 4;
/** HDF5's number of the class of floating point types. */
const FLOAT_CLASS = 1;
/** The library keeps the file in a memory of at most 2 GB. */
const MAX_BYTES = 1_500_000_000;

/** Opens the file, gives it to `use`, and closes it. Throws a `LabError` that names it if it cannot be used. */
export async function withHdf5Weights<T>(
  path: string,
  use: (weights: ForeignWeights) => Promise<T>,
): Promise<T> {
  const content = await readWhole(path);
  const { File } = await hdf5Library();
  const { name, bytes } = await memoryFile();
  try {
    bytes.write(content);
    const opened = guard(path, () => new File(name, 'r'));
    try {
      return await use(new KerasFile(path, content.length, opened).weights());
    } finally {
      opened.close();
    }
  } finally {
    bytes.forget();
  }
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw new LabError(`${path} has ${size} bytes; models of so many cannot be imported.`);
    const content = await readFile(path);
    if (content.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return content;
  } catch (error) {
    throw error instanceof LabError ? error : explainFileError('read', path, error);
  }
  throw new LabError(`${path} is no HDF5 file. It is damaged or was made by something else.`);
}

/** Runs `read`; what the library throws becomes a `LabError` with its innermost reason. */
function guard<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LabError) throw error;
    const reasons = [...messageOf(error).matchAll(/#\d+: .*\(\): (.*)$/gm)].map(([, reason]) => reason);
    throw new LabError(
      `${path} is not a usable HDF5 file: ${reasons.at(-1) ?? messageOf(error)}. It is damaged; copy it again.`,
      { cause: error },
    );
  }
}

class KerasFile {
  private readonly datasets = new Map<string, Dataset>();

  constructor(
    private readonly path: string,
    private readonly size: number,
    private readonly file: Hdf5File,
  ) {}

  weights(): ForeignWeights {
    guard(this.path, () => {
      this.findDatasets();
    });
    const shapes = new Map<string, Shape>();
    for (const [name, dataset] of this.datasets) shapes.set(name, this.checkedShape(name, dataset));
    const description: unknown = guard(this.path, () => this.description());
    return {
      format: 'hdf5',
      path: this.path,
      shapes,
      description,
      read: (names) =>
        Promise.resolve(tensorsOf(names.map((name) => [name, this.tensor(name, shapes.get(name)!)]))),
    };
  }

  private findDatasets(): void {
    const whole = this.file.get('model_weights');
    const root: Group = isGroup(whole) ? whole : this.file;
    const layers = this.strings(root, 'layer_names');
    if (layers === undefined) {
      throw this.fail(
        'it names no layers. Keras 3 writes such weights files; save the whole model with model.save("model.h5")',
      );
    }
    for (const layer of layers) {
      const group = root.get(layer);
      if (!isGroup(group)) throw this.fail(`the group of the layer ${layer} is missing`);
      for (const weight of this.strings(group, 'weight_names') ?? []) {
        const dataset = group.get(weight);
        if (!isDataset(dataset)) throw this.fail(`the weights ${weight} of ${layer} are missing`);
        this.datasets.set(kerasWeightName(layer, weight), dataset);
      }
    }
  }

  /** The shape that a data set claims, once it can be true. */
  private checkedShape(name: string, dataset: Dataset): Shape {
    const { shape, type, size, littleEndian } = guard(this.path, () => dataset.metadata);
    if (type !== FLOAT_CLASS || size !== FLOAT_BYTES || !littleEndian)
      throw this.fail(`${name} is not float32. Save the model in single precision`);
    const claimed = shape ?? [];
    if (elementCount(claimed) * FLOAT_BYTES > this.size) {
      throw this.fail(
        `${name} claims to be ${formatShape(claimed)}, which is more than the ${this.size} bytes of the file`,
      );
    }
    return claimed;
  }

  private tensor(name: string, shape: Shape): HostTensor {
    const values = guard(this.path, () => this.datasets.get(name)!.value);
    if (!(values instanceof Float32Array) || values.length !== elementCount(shape))
      throw this.fail(`${name} cannot be read`);
    return { shape, data: values };
  }

  private description(): unknown {
    const attribute = this.file.attrs[DESCRIPTION_KEY];
    if (attribute === undefined) return undefined;
    this.checkSize(attribute);
    try {
      return typeof attribute.value === 'string' ? JSON.parse(attribute.value) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The texts of an attribute, or undefined where there is none. */
  private strings(group: Group, name: string): string[] | undefined {
    const { attrs } = group;
    // A list that is too long for one attribute is continued in NAME0, NAME1 …
    const parts = Object.keys(attrs)
      .filter((each) => each === name || (each.startsWith(name) && /^\d+$/.test(each.slice(name.length))))
      .sort((a, b) => Number(a.slice(name.length)) - Number(b.slice(name.length)));
    if (parts.length === 0) return undefined;
    return parts.flatMap((part) => this.stringsOf(attrs[part]!));
  }

  private stringsOf(attribute: Attribute): string[] {
    this.checkSize(attribute);
    const { value } = attribute;
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }

  /** Text of variable length lies elsewhere in the file, but at least a pointer for each is there. */
  private checkSize({ name, metadata: { total_size: count, size } }: Attribute): void {
    if (count * size > this.size) throw this.fail(`the attribute ${name} is larger than the file`);
  }

  private fail(problem: string): LabError {
    return new LabError(`${this.path} cannot be imported: ${problem}.`);
  }
}

/** Classes of the library are loaded later than this module, so their instances are told by what they are. */
function isGroup(entity: unknown): entity is Group {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === 'Group';
}

function isDataset(entity: unknown): entity is Dataset {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === 'Dataset';
}
