/**
 * Generators with the names of leftthomas/SRGAN, an SRResNet in PyTorch: block1 is the first convolution, then come
 * residual blocks with batch normalisation, a convolution with a PReLU before the long skip, and the upscaling. The result
 * is (tanh(x) + 1) / 2 = σ(2x), so that the last convolution doubled and a sigmoid are the same.
 */
import { scaleSchema, type GeneratorConfiguration } from '../../protocol/run-configuration';
import type { HostTensor } from '../engines/engine';
import { stateName, weightsFromStateDict } from '../export/pytorch/state-dict';
import { fittingWeights } from '../models/fitting-weights';
import { generatorNetwork, OUTPUT_CONVOLUTION } from '../networks/generator';
import type { Node } from '../networks/network';
import { parameterSpecs, type ParameterSpec } from '../networks/parameters';
import { expectedState, readExpected, refuseSmallFile } from './expected';
import type { ForeignWeights } from './foreign-weights';
import type { ImportedGenerator } from './imported-generator';

/** The numbers of blocks and upscalings that are looked for. */
const MOST_BLOCKS = 64;
const MOST_UPSCALINGS = 3;

/** The generator of a file, or undefined where its names are others. Throws a `LabError` where its weights do not fit. */
export async function recogniseSrganNames(file: ForeignWeights): Promise<ImportedGenerator | undefined> {
  const first = file.shapes.get('block1.0.weight');
  if (first?.length !== 4) return undefined;
  const channels = first[0]!;
  let blocks = 0;
  while (blocks < MOST_BLOCKS && file.shapes.has(`block${blocks + 2}.conv1.weight`)) blocks++;
  const upscaling = blocks + 3;
  let upscalings = 0;
  while (upscalings < MOST_UPSCALINGS && file.shapes.has(`block${upscaling}.${upscalings}.conv.weight`))
    upscalings++;
  const scale = scaleSchema.safeParse(2 ** upscalings);
  if (blocks === 0 || !scale.success || channels < 1 || channels > 512) return undefined;

  const generator: GeneratorConfiguration = {
    blocks,
    channels,
    normalisation: 'batch',
    prelu: 'layer',
    globalSkip: 'none',
    trunkEnd: 'prelu',
    output: 'sigmoid',
  };
  const network = generatorNetwork(generator, scale.data);
  const theirName = (node: Node, role: ParameterSpec['role']): string => {
    const ours = stateName(node, role);
    return ours
      .replace(/^input_conv\./, 'block1.0.')
      .replace(/^input_prelu\./, 'block1.1.')
      .replace(/^block(\d+)_(conv|norm)(\d)\./, (_, block: string, part: string, number: string) => {
        return `block${Number(block) + 1}.${part === 'norm' ? 'bn' : 'conv'}${number}.`;
      })
      .replace(/^block(\d+)_prelu\./, (_, block: string) => `block${Number(block) + 1}.prelu.`)
      .replace(/^trunk_conv\./, `block${blocks + 2}.0.`)
      .replace(/^trunk_prelu\./, `block${blocks + 2}.1.`)
      .replace(/^upscale(\d+)_(conv|prelu)\./, (_, number: string, part: string) => {
        return `block${upscaling}.${Number(number) - 1}.${part}.`;
      })
      .replace(/^output_conv\./, `block${upscaling}.${upscalings}.`);
  };
  refuseSmallFile(file, network);
  const theirNames = new Map(
    parameterSpecs(network).map(({ node, role }) => [stateName(node, role), theirName(node, role)]),
  );
  const expected = new Map(
    [...expectedState({ network })].map(([name, shape]) => [theirNames.get(name)!, shape] as const),
  );
  const tensors = await readExpected(file, expected);
  const renamed = Object.fromEntries([...theirNames].map(([ours, theirs]) => [ours, tensors[theirs]!]));
  const weights = weightsFromStateDict(network, undefined, renamed);
  for (const role of ['kernel', 'bias']) {
    const name = `${network.name}/${OUTPUT_CONVOLUTION}/${role}`;
    weights[name] = doubled(weights[name]!);
  }
  return { scale: scale.data, generator, weights: fittingWeights(weights, network, file.path) };
}

function doubled({ shape, data }: HostTensor): HostTensor {
  return { shape, data: data.map((value) => 2 * value) };
}
