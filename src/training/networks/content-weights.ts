/** Weights of the content network: fixed random ones from a seed, or ImageNet's VGG19 from a TensorFlow.js LayersModel. */
import { resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import type { ContentConfiguration } from '../../protocol/run-configuration';
import type { HostTensor } from '../engines/engine';
import { formatShape, sameShape } from '../graph/shape';
import { contentNetwork, PIXEL_RANGE } from './content';
import { initialise } from './initialise';
import { readLayersModel } from './layers-model';
import { parameterSpecs } from './parameters';

/** The convolution that reads pixels. */
const FIRST_KERNEL = 'content/conv1_1/kernel';

/**
 * State of the content network, by full name.
 *
 * @param folder what a relative `weights` is relative to
 * @throws LabError if the imported model is missing, damaged, or lacks a layer
 */
export async function contentWeights(
  content: ContentConfiguration,
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
  content: ContentConfiguration,
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
  const imported = await readLayersModel(
    model,
    specs.map(({ name }) => kerasName(name)),
  );
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const tensor = imported[kerasName(name)]!;
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

/** `content/conv1_2/kernel` is `block1_conv2/kernel` in Keras. */
function kerasName(name: string): string {
  return name.replace(/^content\/conv(\d)_(\d)\//, 'block$1_conv$2/');
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
