/**
 * The part of ONNX's protocol buffers that a model needs, field numbers as in https://github.com/onnx/onnx (onnx.proto),
 * and messages in that form.
 */
import { Root, type Type } from 'protobufjs/light';
import type { HostTensor } from '../../engines/engine';

const FLOAT = 1;
const INT64 = 7;
const attributeTypes = { f: 1, i: 2, s: 3, ints: 7 };

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id, options: { packed: false } });

const root = Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field('int64', 1),
        producerName: field('string', 2),
        docString: field('string', 6),
        graph: field('GraphProto', 7),
        opsetImport: repeated('OperatorSetIdProto', 8),
        metadataProps: repeated('StringStringEntryProto', 14),
      },
    },
    GraphProto: {
      fields: {
        node: repeated('NodeProto', 1),
        name: field('string', 2),
        initializer: repeated('TensorProto', 5),
        input: repeated('ValueInfoProto', 11),
        output: repeated('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: field('string', 3),
        opType: field('string', 4),
        attribute: repeated('AttributeProto', 5),
      },
    },
    AttributeProto: {
      fields: {
        name: field('string', 1),
        f: field('float', 2),
        i: field('int64', 3),
        s: field('bytes', 4),
        ints: repeated('int64', 8),
        type: field('int32', 20),
      },
    },
    TensorProto: {
      fields: {
        dims: repeated('int64', 1),
        dataType: field('int32', 2),
        name: field('string', 8),
        rawData: field('bytes', 9),
      },
    },
    ValueInfoProto: { fields: { name: field('string', 1), type: field('TypeProto', 2) } },
    TypeProto: { fields: { tensorType: field('TensorTypeProto', 1) } },
    TensorTypeProto: { fields: { elemType: field('int32', 1), shape: field('TensorShapeProto', 2) } },
    TensorShapeProto: { fields: { dim: repeated('DimensionProto', 1) } },
    DimensionProto: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
    OperatorSetIdProto: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    StringStringEntryProto: { fields: { key: field('string', 1), value: field('string', 2) } },
  },
});
const modelType: Type = root.lookupType('ModelProto');

export type OnnxAttribute = { f: number } | { i: number } | { s: string } | { ints: readonly number[] };

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A tensor that lies in the file: float32, or 64-bit integers such as the bounds of a slice. */
export type OnnxInitializer = { readonly name: string } & (
  { readonly floats: HostTensor } | { readonly integers: readonly number[] }
);

/** A number is fixed; a word names a size that is known when the model runs. */
export type OnnxShape = readonly (number | string)[];

export interface OnnxModel {
  readonly name: string;
  readonly irVersion: number;
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly input: { readonly name: string; readonly shape: OnnxShape };
  readonly output: { readonly name: string; readonly shape: OnnxShape };
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes of an `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const message = modelType.create({
    irVersion: model.irVersion,
    producerName: 'SRGAN Lab',
    opsetImport: [{ domain: '', version: model.opset }],
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.name,
      node: model.nodes.map(({ name, opType, input, output, attributes }) => ({
        name,
        opType,
        input,
        output,
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      })),
      initializer: model.initializers.map(initializer),
      input: [valueInfo(model.input)],
      output: [valueInfo(model.output)],
    },
  });
  return modelType.encode(message).finish();
}

function attribute(name: string, value: OnnxAttribute): object {
  if ('f' in value) return { name, f: value.f, type: attributeTypes.f };
  if ('i' in value) return { name, i: value.i, type: attributeTypes.i };
  if ('s' in value) return { name, s: Buffer.from(value.s, 'utf8'), type: attributeTypes.s };
  return { name, ints: value.ints, type: attributeTypes.ints };
}

function initializer(tensor: OnnxInitializer): object {
  const { name } = tensor;
  if ('floats' in tensor) {
    const { shape, data } = tensor.floats;
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { name, dims: shape, dataType: FLOAT, rawData };
  }
  const rawData = new Uint8Array(BigInt64Array.from(tensor.integers, BigInt).buffer);
  return { name, dims: [tensor.integers.length], dataType: INT64, rawData };
}

function valueInfo({ name, shape }: { name: string; shape: OnnxShape }): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
