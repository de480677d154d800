/** What a file that cannot be taken holds, in words: whoever named the wrong one sees which it was. */
import { countOf } from '../../protocol/quantities';
import type { ForeignWeights } from './foreign-weights';

/** Networks that people have lying about, by the names of their layers in Keras. */
const known: readonly (readonly [layers: RegExp, network: string])[] = [
  [/^fire\d+\/(squeeze|expand)/, 'SqueezeNet'],
  [/^block\d_conv4$/, 'VGG19'],
  [/^block\d_conv\d$/, 'VGG'],
  [/^(res\d\w_branch|conv\d_block\d)/, 'ResNet or DenseNet'],
  [/^(conv_dw|expanded_conv|block_\d+_depthwise)/, 'MobileNet'],
];

const SHOWN = 3;
const LONGEST_NAME = 40;

/** `: SqueezeNet, 25 layers: conv1, fire2/squeeze1x1 …`, to be put after “holds no generator that is known”. */
export function describeFile({ shapes }: Pick<ForeignWeights, 'shapes'>): string {
  const layers = [...new Set([...shapes.keys()].map(layerOf))];
  if (layers.length === 0) return ': it has no weights at all';
  const network = known.find(([names]) => layers.some((layer) => names.test(layer)))?.[1];
  const shown = layers.slice(0, SHOWN).map(shortened).join(', ');
  const more = layers.length > SHOWN ? ' …' : '';
  const what = network === undefined ? '' : `${network}, `;
  return `: it is ${what}${countOf(layers.length, 'layer')} (${shown}${more})`;
}

/** `conv1/kernel` and `conv1.weight` are of the layer `conv1`. */
function layerOf(weight: string): string {
  return weight.replace(/[/.][^/.]*$/, '');
}

/** Names come from the file: whatever is in them, a line stays one. */
function shortened(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME)}…`;
}
