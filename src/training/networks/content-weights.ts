/** Weights of the content network: fixed random ones from a seed, or ImageNet's VGG19, imported or as a LayersModel. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { readAnyModelCard } from '../../folders/marker-files';
import { CARD_FILE } from '../../protocol/model-card';
import type { HostTensor } from '../engines/engine';
import { formatShape, sameShape } from '../graph/shape';
import { contentNetwork, kerasName, PIXEL_RANGE, type ContentNetworkChoice } from './content';
import { initialise } from './initialise';
import { readLayersModel } from './layers-model';
import { parameterSpecs } from './parameters';
import { CONTENT_FILE } from '../run/model';
import { readSafetensors } from '../run/safetensors';

/** The convolution that reads pixels. */
const FIRST_KERNEL = 'content/conv1_1/kernel';

/**
 * State of the content network, by full name.
 *
 * @param folder what a relative `weights` is relative to
 * @throws LabError if the imported model is missing, damaged, or lacks a layer
 */
export async function contentWeights(
  content: ContentNetworkChoice,
  folder?: string,
): Promise<Record<string, HostTensor>> {
  const weights =
    content.network === 'random-vgg'
      ? initialise(contentNetwork(content), content.seed)
      : await importedWeights(content, folder);
  const kernel = weights[FIRST_KERNEL]!;
  weights[FIRST_KERNEL] = { ...kernel, data: kernel.data.map((weight) => weight * PIXEL_RANGE) };
  return weights;
}

async function importedWeights(
  content: ContentNetworkChoice,
  folder = '.',
): Promise<Record<string, HostTensor>> {
  if (content.weights === undefined) {
    throw new LabError(
      'The content network is set to `vgg19`, but no weights are named. Set `content.weights` to the folder of an ' +
        'imported VGG19, or `content.network` to `random-vgg`.',
    );
  }
  const model = resolve(folder, content.weights);
  const specs = parameterSpecs(contentNetwork(content));
  const imported = await readVgg19(
    model,
    specs.map(({ name }) => name),
  );
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const tensor = imported(name);
      if (!sameShape(tensor.shape, shape)) {
        throw new LabError(
          `${kerasName(name)} in ${model} is ${formatShape(tensor.shape)}, but VGG19’s is ${formatShape(shape)}. ` +
            'The folder holds another network; import VGG19 again.',
        );
      }
      return [name, name === FIRST_KERNEL ? swapRedAndBlue(tensor) : tensor];
    }),
  );
}

/** From a model that `srgan-lab import` made, or from a LayersModel as it is; names are ours. */
async function readVgg19(folder: string, names: readonly string[]): Promise<(name: string) => HostTensor> {
  if (!existsSync(join(folder, CARD_FILE))) {
    const tensors = await readLayersModel(folder, names.map(kerasName));
    return (name) => tensors[kerasName(name)]!;
  }
  const card = await readAnyModelCard(folder);
  if (card.kind !== 'content') {
    throw new LabError(`The model ${folder} is a ${card.kind}. \`content.weights\` takes an imported VGG19.`);
  }
  const tensors = await readSafetensors(join(folder, CONTENT_FILE));
  const missing = names.find((name) => !Object.hasOwn(tensors, name));
  if (missing !== undefined) {
    throw new LabError(
      `The imported VGG19 in ${folder} ends with ${card.layers.at(-1) ?? 'nothing'} and has no ${missing}. ` +
        'Import a file with more of its layers, or choose a content layer that needs less of it.',
    );
  }
  return (name) => tensors[name]!;
}

/** VGG19’s ImageNet weights read BGR; reversing the input channels of a kernel [h, w, 3, out] makes it read RGB. */
function swapRedAndBlue({ shape, data }: HostTensor): HostTensor {
  const outputs = shape[3]!;
  const swapped = new Float32Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel += 3 * outputs) {
    for (let channel = 0; channel < 3; channel++) {
      const from = pixel + (2 - channel) * outputs;
      swapped.set(data.subarray(from, from + outputs), pixel + channel * outputs);
    }
  }
  return { shape, data: swapped };
}
