/** ImageNet’s VGG19 as a trunk: the baseline that has seen a million labels. As deep as the imported weights reach. */
import { LabError } from '../../../folders/lab-error';
import type { ContentConfiguration } from '../../../protocol/run-configuration';
import { contentNetwork } from '../../networks/content';
import { contentWeights } from '../../networks/content-weights';
import { trunkOf, type Trunk } from './trunk';

/** @param folder an imported VGG19. Throws a `LabError` if none is named or it cannot be read. */
export async function vgg19Trunk(folder: string | undefined): Promise<Trunk> {
  if (folder === undefined) {
    throw new LabError(
      'VGG19 is to be compared, but none is named. Give the folder of an imported one: --vgg19.',
    );
  }
  try {
    return await trunkUpTo('conv5_4', folder);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return trunkUpTo('conv2_2', folder);
  }
}

async function trunkUpTo(layer: ContentConfiguration['layer'], folder: string): Promise<Trunk> {
  const content: ContentConfiguration = { network: 'vgg19', layer, width: 1, seed: 0, weights: folder };
  return trunkOf(
    `VGG19 up to ${layer}, trained on ImageNet`,
    contentNetwork(content),
    await contentWeights(content),
  );
}
