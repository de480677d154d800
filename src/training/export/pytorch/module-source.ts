/** The source of a PyTorch module that is the network: a line for each layer, and a `forward` that reads like it. */
import { BICUBIC_TAPS } from '../../networks/bicubic';
import { BATCH_NORM_EPSILON } from '../../networks/interpret';
import { INPUT, type Network, type Node } from '../../networks/network';
import { layerName } from '../exportable';

const RGB = 3;

const conv2dSame = `class Conv2dSame(nn.Conv2d):
    """Pads with zeros so that a stride s gives ceil(size / s) outputs; what is odd of the zeros comes after."""

    def forward(self, x):
        pads = []
        for size, kernel, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            zeros = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [zeros // 2, zeros - zeros // 2]
        return super().forward(functional.pad(x, pads))`;

const mirrored = `def mirrored(x):
    """Two more pixels on each side, mirrored with the edge repeated."""
    x = torch.cat([x[:, :, 1:2], x[:, :, :1], x, x[:, :, -1:], x[:, :, -2:-1]], 2)
    return torch.cat([x[..., 1:2], x[..., :1], x, x[..., -1:], x[..., -2:-1]], 3)`;

/** Python source with the class `className`, whose state dictionary is that of state-dict.ts, and `load`. */
export function moduleSource(network: Network, className: string, file: string): string {
  const uses = (type: Node['type']): boolean => network.nodes.some((node) => node.type === type);
  const parts = [
    [
      `"""The network of ${file} as a PyTorch module. Images are [batch, 3, height, width], RGB in [0, 1]."""`,
      'from pathlib import Path',
      '',
      'import torch',
      'from safetensors.torch import load_file',
      'from torch import nn',
      'from torch.nn import functional',
    ].join('\n'),
    ...(uses('convolution') ? [conv2dSame] : []),
    ...(uses('bicubic') ? [mirrored] : []),
    classSource(network, className),
    [
      `def load(path=Path(__file__).with_name("${file}")):`,
      '    """The trained network, for inference."""',
      `    model = ${className}()`,
      '    model.load_state_dict(load_file(path))',
      '    return model.eval()',
    ].join('\n'),
  ];
  return `${parts.join('\n\n\n')}\n`;
}

function classSource(network: Network, className: string): string {
  const modules = network.nodes.flatMap((node) => moduleLine(node) ?? []);
  return [
    `class ${className}(nn.Module):`,
    '    def __init__(self):',
    '        super().__init__()',
    ...modules.map((line) => `        self.${line}`),
    '',
    '    def forward(self, image):',
    '        x = image',
    ...forwardLines(network).map((line) => `        ${line}`),
    '        return x',
  ].join('\n');
}

/** What `__init__` makes for a node, after `self.`. */
function moduleLine(node: Node): string | undefined {
  const name = layerName(node.name);
  switch (node.type) {
    case 'convolution': {
      const stride = node.stride === 1 ? '' : `, stride=${node.stride}`;
      return `${name} = Conv2dSame(${node.inputChannels}, ${node.outputChannels}, ${node.kernel}${stride})`;
    }
    case 'dense':
      return `${name} = nn.Linear(${node.inputUnits}, ${node.outputUnits})`;
    case 'batchNorm':
      return `${name} = nn.BatchNorm2d(${node.channels}, eps=${BATCH_NORM_EPSILON})`;
    case 'prelu':
      return `${name} = nn.PReLU(${node.slopes})`;
    case 'bicubic': {
      const shape = [RGB * node.factor ** 2, RGB, BICUBIC_TAPS, BICUBIC_TAPS].join(', ');
      return `register_buffer("${name}_kernel", torch.zeros(${shape}))`;
    }
    case 'offset':
      return `register_buffer("${name}_offsets", torch.zeros(${node.offsets.length}, 1, 1))`;
    case 'leakyRelu':
    case 'sigmoid':
    case 'add':
    case 'pixelShuffle':
    case 'maxPool':
    case 'flatten':
    case 'globalAverage':
      return undefined;
  }
}

/** `forward`: x goes from layer to layer; what is read again later gets a name. */
function forwardLines(network: Network): string[] {
  const remembered = rememberedNodes(network);
  return network.nodes.flatMap((node, index) => {
    const previous = network.nodes[index - 1]?.name ?? INPUT;
    const x = node.from === previous ? 'x' : variable(node.from);
    const name = layerName(node.name);
    return [`x = ${expression(node, x)}`, ...(remembered.has(node.name) ? [`${name} = x`] : [])];
  });
}

function expression(node: Node, x: string): string {
  const name = layerName(node.name);
  switch (node.type) {
    case 'convolution':
    case 'dense':
    case 'batchNorm':
    case 'prelu':
      return `self.${name}(${x})`;
    case 'leakyRelu':
      return node.slope === 0 ? `functional.relu(${x})` : `functional.leaky_relu(${x}, ${node.slope})`;
    case 'sigmoid':
      return `torch.sigmoid(${x})`;
    case 'add':
      return `${x} + ${variable(node.and)}`;
    case 'pixelShuffle':
      return `functional.pixel_shuffle(${x}, ${node.factor})`;
    case 'maxPool':
      return `functional.max_pool2d(${x}, 2)`;
    case 'flatten':
      return `torch.flatten(${x}, 1)`;
    case 'globalAverage':
      return `${x}.mean((2, 3))`;
    case 'offset':
      return `${x} + self.${name}_offsets`;
    case 'bicubic':
      return `functional.pixel_shuffle(functional.conv2d(mirrored(${x}), self.${name}_kernel), ${node.factor})`;
  }
}

/** Nodes that others than the next one read. */
function rememberedNodes({ nodes }: Network): Set<string> {
  const remembered = new Set<string>();
  nodes.forEach((node, index) => {
    if (node.from !== (nodes[index - 1]?.name ?? INPUT)) remembered.add(node.from);
    if (node.type === 'add') remembered.add(node.and);
  });
  return remembered;
}

function variable(node: string): string {
  return node === INPUT ? 'image' : layerName(node);
}
