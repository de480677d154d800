/** A network as an ONNX model: images NCHW, batch and, where the network allows, height and width dynamic. */
import { DESCRIPTION_KEY, type NetworkDescription } from '../../../protocol/exported-model';
import type { HostTensor } from '../../engines/engine';
import { BICUBIC_BORDER, bicubicKernel } from '../../networks/bicubic';
import { BATCH_NORM_EPSILON } from '../../networks/interpret';
import { INPUT, type Node } from '../../networks/network';
import type { ParameterSpec } from '../../networks/parameters';
import { layerName, nodeShapes, parameterOf, type Exportable } from '../exportable';
import type { ExportedFile } from '../exported-file';
import { oihwFromHwio, reshaped, rowsByChannel } from '../layouts';
import {
  encodeOnnx,
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxShape,
} from './onnx-messages';

export const ONNX_FILE = 'model.onnx';
/** Of 2022: old enough for every runtime in use, and all operators that are wanted had settled. */
export const OPSET = 17;
const IR_VERSION = 8;

const INPUT_NAME = 'image';
const OUTPUT_NAME = 'result';

export function exportOnnx(
  exportable: Exportable,
  description: NetworkDescription | undefined,
): ExportedFile[] {
  const graph = new GraphMaker(exportable);
  graph.make();
  const { network, side } = exportable;
  const result = nodeShapes(exportable).get(network.output)!;
  const sides = [side ?? 'height', side ?? 'width'];
  const outputSides = [result.side ?? 'output_height', result.side ?? 'output_width'];
  const content = encodeOnnx({
    name: network.name,
    irVersion: IR_VERSION,
    opset: OPSET,
    nodes: graph.nodes,
    initializers: graph.initializers,
    input: { name: INPUT_NAME, shape: ['batch', 3, ...sides] },
    output: { name: OUTPUT_NAME, shape: outputShape(result, outputSides) },
    metadata: description === undefined ? {} : { [DESCRIPTION_KEY]: JSON.stringify(description) },
  });
  return [{ name: ONNX_FILE, content }];
}

function outputShape(
  { flat, channels }: { flat: boolean; channels: number },
  sides: readonly (number | string)[],
): OnnxShape {
  return flat ? ['batch', channels] : ['batch', channels, ...sides];
}

class GraphMaker {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  private readonly shapes;

  constructor(private readonly exportable: Exportable) {
    this.shapes = nodeShapes(exportable);
  }

  make(): void {
    const { network } = this.exportable;
    for (const node of network.nodes) this.add(node);
    this.operation('Identity', OUTPUT_NAME, [this.valueOf(network.output)]);
  }

  private add(node: Node): void {
    const { name: path } = node;
    const name = layerName(path);
    const x = this.valueOf(node.from);
    const weight = (role: ParameterSpec['role'], change = (tensor: HostTensor) => tensor): string =>
      this.floats(`${name}.${role}`, change(parameterOf(this.exportable, node, role)));
    switch (node.type) {
      case 'convolution': {
        const inputs = [x, weight('kernel', oihwFromHwio), weight('bias')];
        this.operation('Conv', name, inputs, convolutionAttributes(node.kernel, node.stride));
        return;
      }
      case 'dense': {
        const kernel = weight('kernel', (tensor) => this.denseKernel(node.from, tensor));
        this.operation('Gemm', name, [x, kernel, weight('bias')]);
        return;
      }
      case 'batchNorm': {
        const parameters = (['gamma', 'beta', 'mean', 'variance'] as const).map((role) => weight(role));
        this.operation('BatchNormalization', name, [x, ...parameters], {
          epsilon: { f: BATCH_NORM_EPSILON },
        });
        return;
      }
      case 'prelu': {
        const slope = weight('alpha', (tensor) => reshaped(tensor, [tensor.data.length, 1, 1]));
        this.operation('PRelu', name, [x, slope]);
        return;
      }
      case 'leakyRelu':
        if (node.slope === 0) this.operation('Relu', name, [x]);
        else this.operation('LeakyRelu', name, [x], { alpha: { f: node.slope } });
        return;
      case 'sigmoid':
        this.operation('Sigmoid', name, [x]);
        return;
      case 'add':
        this.operation('Add', name, [x, this.valueOf(node.and)]);
        return;
      case 'pixelShuffle':
        this.depthToSpace(name, x, node.factor);
        return;
      case 'maxPool':
        this.operation('MaxPool', name, [x], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } });
        return;
      case 'flatten':
        this.operation('Flatten', name, [x]);
        return;
      case 'globalAverage':
        this.operation('GlobalAveragePool', `${name}.pooled`, [x]);
        this.operation('Flatten', name, [`${name}.pooled`]);
        return;
      case 'offset': {
        const data = Float32Array.from(node.offsets);
        this.operation('Add', name, [
          x,
          this.floats(`${name}.offsets`, { shape: [data.length, 1, 1], data }),
        ]);
        return;
      }
      case 'bicubic':
        this.bicubic(name, x, node.factor);
        return;
    }
  }

  /** After `flatten`, rows follow our order of an image; ONNX flattens channels first. */
  private denseKernel(from: string, kernel: HostTensor): HostTensor {
    const before = this.exportable.network.nodes.find(({ name }) => name === from);
    if (before?.type !== 'flatten') return kernel;
    const { side, channels } = this.shapes.get(before.from)!;
    return rowsByChannel(kernel, side!, channels);
  }

  /** Channels lie as in TensorFlow, which ONNX calls depth, column, row. */
  private depthToSpace(name: string, x: string, factor: number): void {
    this.operation('DepthToSpace', name, [x], { blocksize: { i: factor }, mode: { s: 'DCR' } });
  }

  /** Mirrors two pixels on each side, as no padding of ONNX does it, then convolves. */
  private bicubic(name: string, x: string, factor: number): void {
    const rows = this.mirrored(`${name}.rows`, x, 2);
    const both = this.mirrored(`${name}.columns`, rows, 3);
    const kernel = this.floats(`${name}.kernel`, oihwFromHwio(bicubicKernel(factor)));
    this.operation('Conv', `${name}.conv`, [both, kernel]);
    this.depthToSpace(name, `${name}.conv`, factor);
  }

  private mirrored(name: string, x: string, axis: number): string {
    const slice = (start: number, end: number): string => {
      const value = `${name}.${start}`;
      const bounds = [start, end, axis].map((bound) => this.integer(bound));
      this.operation('Slice', value, [x, ...bounds]);
      return value;
    };
    const border = Array.from({ length: BICUBIC_BORDER }, (_, index) => index);
    const before = border.map((index) => slice(index, index + 1)).reverse();
    // The end of the last one is beyond every image: the end −1 + 1 = 0 would be the beginning.
    const after = border.map((index) => slice(-1 - index, index === 0 ? BEYOND : -index));
    this.operation('Concat', name, [...before, x, ...after], { axis: { i: axis } });
    return name;
  }

  private operation(
    opType: string,
    output: string,
    input: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): void {
    this.nodes.push({ name: output, opType, input, output: [output], attributes });
  }

  private floats(name: string, floats: HostTensor): string {
    this.initializers.push({ name, floats });
    return name;
  }

  private integer(value: number): string {
    const name = `integer.${value}`;
    if (!this.initializers.some((known) => known.name === name))
      this.initializers.push({ name, integers: [value] });
    return name;
  }

  private valueOf(node: string): string {
    return node === INPUT ? INPUT_NAME : layerName(node);
  }
}

/** Larger than any image, as the bound of a slice that goes to the end. */
const BEYOND = 2 ** 31 - 1;

function convolutionAttributes(kernel: number, stride: number): Record<string, OnnxAttribute> {
  const border = (kernel - 1) / 2;
  return {
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    // At a stride, TensorFlow’s `same` may put one more zero after than before.
    ...(stride === 1
      ? { pads: { ints: [border, border, border, border] } }
      : { auto_pad: { s: 'SAME_UPPER' } }),
  };
}
