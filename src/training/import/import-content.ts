/** VGG19 with ImageNet's weights as a content network: as many of its convolutions as a file holds. */
import { LabError } from '../../folders/lab-error';
import type { NamedTensors } from '../engines/engine';
import { formatShape, sameShape } from '../graph/shape';
import { contentNetwork, kerasName } from '../networks/content';
import { parameterSpecs } from '../networks/parameters';
import { tensorsOf, type ForeignWeights } from './foreign-weights';
import { describeFile } from './what-it-holds';

/** The first feature map that a run can compare. */
const FIRST_FEATURES = 'conv2_2';

export interface ImportedContent {
  /** Convolutions that are there, `conv1_1` first. */
  readonly layers: readonly string[];
  /** By our names, with Keras' values: it reads BGR from 0 to 255. */
  readonly weights: NamedTensors;
}

/** Throws a `LabError` if the file is of another network, or lacks what even the first feature map needs. */
export async function importContent(file: ForeignWeights): Promise<ImportedContent> {
  const network = contentNetwork({ network: 'vgg19', layer: 'conv5_4', width: 1, seed: 0 });
  const specs = parameterSpecs(network);
  for (const { name, shape } of specs) {
    const theirs = kerasName(name);
    const found = file.shapes.get(theirs);
    if (found !== undefined && !sameShape(found, shape)) {
      throw new LabError(
        `${theirs} in ${file.path} is ${formatShape(found)}, but VGG19’s is ${formatShape(shape)}. ` +
          'The file holds another network.',
      );
    }
  }
  const convolutions = network.nodes.filter(({ type }) => type === 'convolution').map(({ name }) => name);
  const complete = (layer: string): boolean =>
    specs.filter(({ node }) => node.name === layer).every(({ name }) => file.shapes.has(kerasName(name)));
  const missing = convolutions.findIndex((layer) => !complete(layer));
  const layers = missing === -1 ? convolutions : convolutions.slice(0, missing);
  if (!layers.includes(FIRST_FEATURES)) {
    throw new LabError(
      `${file.path} holds no VGG19 that can be used${describeFile(file)}, without the weights ` +
        `${kerasName(`content/${convolutions[missing] ?? ''}/kernel`)}. Wanted is VGG19 of Keras, whose layers are called ` +
        'block1_conv1, block1_conv2 and so on.',
    );
  }
  const wanted = specs.filter(({ node }) => layers.includes(node.name));
  const tensors = await file.read(wanted.map(({ name }) => kerasName(name)));
  const weights = wanted.map(({ name }) => {
    const tensor = tensors[kerasName(name)]!;
    if (!tensor.data.every(Number.isFinite))
      throw new LabError(`${kerasName(name)} in ${file.path} holds values that are no finite numbers.`);
    return [name, tensor] as const;
  });
  return { layers, weights: tensorsOf(weights) };
}
