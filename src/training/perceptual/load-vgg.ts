/** The network of the feature distance: an imported VGG19, as deep as its weights reach, cut after its last counted layer. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { readAnyModelCard, readRunConfiguration } from '../../folders/marker-files';
import { CARD_FILE } from '../../protocol/model-card';
import { RUN_FILE } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import { contentNetwork, kerasName, type ContentNetworkChoice } from '../networks/content';
import { contentWeights } from '../networks/content-weights';
import { describeLayersModel, MODEL_FILE } from '../networks/layers-model';
import type { Network } from '../networks/network';
import { parameterSpecs } from '../networks/parameters';

/**
 * The last convolution before each pooling. Zhang et al. take these of VGG16: conv1_2, conv2_2, conv3_3, conv4_3, conv5_3.
 */
const countedLayers = ['conv1_2', 'conv2_2', 'conv3_4', 'conv4_4', 'conv5_4'];

export interface VggFeatures {
  /** Folder of the imported VGG19. */
  readonly model: string;
  /** Counted layers that are there, `conv1_2` first. */
  readonly layers: readonly string[];
  /** Up to the last of them; reads RGB in [0, 1]. */
  readonly network: Network;
  readonly weights: NamedTensors;
}

/** Node whose result is a layer's features. */
export function featureNode(layer: string): string {
  return `${layer}/activation`;
}

/**
 * @param folder an imported content model, a LayersModel of VGG19, or a run whose content weights are imported
 * @throws LabError if it is none of these, or its weights are missing or damaged
 */
export async function loadVggFeatures(folder: string): Promise<VggFeatures> {
  const model = await modelFolder(folder);
  const held = await heldConvolutions(model);
  const layers = countedLayers.filter((layer) => held.includes(layer));
  const layer = layers.at(-1);
  if (layer === undefined) {
    throw new LabError(
      `The VGG19 in ${model} has no layer ${countedLayers[0]!}, where the feature distance begins. Import a whole one.`,
    );
  }
  const choice = vgg19UpTo(layer);
  const weights = await contentWeights({ ...choice, weights: model });
  return { model, layers, network: contentNetwork(choice), weights };
}

async function modelFolder(folder: string): Promise<string> {
  if (existsSync(join(folder, CARD_FILE)) || existsSync(join(folder, MODEL_FILE))) return resolve(folder);
  if (!existsSync(join(folder, RUN_FILE))) {
    throw new LabError(
      `${folder} is no imported VGG19 and no run: it has no ${CARD_FILE} and no ${RUN_FILE}. ` +
        'Import one with `srgan-lab import FILE --as content --out FOLDER`.',
    );
  }
  const { content, name } = await readRunConfiguration(folder);
  if (content.network !== 'vgg19' || content.weights === undefined) {
    throw new LabError(
      `The content network of the run ${name} has random weights, in which distances mean little. ` +
        'Name an imported VGG19.',
    );
  }
  return resolve(folder, content.weights);
}

/** Convolutions whose weights are there without a gap, `conv1_1` first. */
async function heldConvolutions(model: string): Promise<readonly string[]> {
  if (existsSync(join(model, CARD_FILE))) {
    const card = await readAnyModelCard(model);
    if (card.kind === 'content') return card.layers;
    throw new LabError(`The model ${model} is a ${card.kind}. The feature distance takes an imported VGG19.`);
  }
  const { shapes } = await describeLayersModel(model);
  const network = contentNetwork(vgg19UpTo(countedLayers.at(-1)!));
  const missing = parameterSpecs(network).find(({ name }) => !shapes.has(kerasName(name)));
  const all = network.nodes.filter(({ type }) => type === 'convolution').map(({ name }) => name);
  return missing === undefined ? all : all.slice(0, all.indexOf(missing.node.name));
}

function vgg19UpTo(layer: string): ContentNetworkChoice {
  return { network: 'vgg19', layer, width: 1, seed: 0 };
}
