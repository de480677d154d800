/** A VGG19 as an import leaves it, of drawn numbers and as shallow as it may be: for what is done with one, not for its figures. */
import { basename } from 'node:path';
import type { ContentCard } from '../../src/protocol/model-card';
import { contentNetwork } from '../../src/training/networks/content';
import { initialise } from '../../src/training/networks/initialise';
import { writeModelFolder } from '../../src/training/run/model';

export async function writeDrawnVgg(folder: string): Promise<void> {
  const network = contentNetwork({ network: 'vgg19', layer: 'conv1_2', width: 1, seed: 1 });
  const card: ContentCard = {
    format: 1,
    kind: 'content',
    name: basename(folder),
    created: '2020-01-01T00:00:00.000Z',
    network: 'vgg19',
    layers: ['conv1_1', 'conv1_2'],
    trainedOn: 'nothing',
  };
  await writeModelFolder(folder, card, initialise(network, 1));
}
