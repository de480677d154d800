/**
 * What the JavaScript half of `@tensorflow/tfjs-node-gpu` expects of its C++ addon, on our binding of TensorFlow's C API
 * instead. The addon is never installed; saved models, which only it can run, are refused.
 */
import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { Handle } from '../c-api';
import { execute } from '../execute';
import { attribute, DataType, type OperationAttribute } from '../operations';
import type { TensorFlow } from '../tensorflow';

/** The addon's numbers for the kinds of attributes. */
const AttributeKind = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5, resource: 9 };
/** TF_DataType numbers that only the package asks for. */
const OtherType = { uint8: 4, string: 7, complex64: 8, int64: 9 };

class Metadata {
  id = 0;
  shape: number[] = [];
  dtype = 0;
}

class Attribute {
  name = '';
  type = 0;
  value: TFEOpAttr['value'] = 0;
}

function translate({ name, type, value }: TFEOpAttr): OperationAttribute {
  if (type === AttributeKind.type && typeof value === 'number') return attribute.type(name, value);
  if (type === AttributeKind.bool && typeof value === 'boolean') return attribute.bool(name, value);
  if (type === AttributeKind.string && typeof value === 'string') return attribute.string(name, value);
  if (type === AttributeKind.float && typeof value === 'number') return attribute.float(name, value);
  if (type === AttributeKind.int && typeof value === 'number') return attribute.int(name, value);
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'number');
  if (type === AttributeKind.int && isList) return attribute.ints(name, value);
  if (type === AttributeKind.shape && isList) return attribute.shape(name, value);
  throw new Error(`the attribute ${name} is of a kind that this binding does not know`);
}

/** The binding for one TensorFlow. Tensors are named by numbers that the package keeps. */
export function tfjsNodeBinding(tensorFlow: TensorFlow): TFJSBinding {
  const handles = new Map<number, Handle>();
  let next = 0;
  const keep = (handle: Handle): number => {
    handles.set(next, handle);
    return next++;
  };
  const handleOf = (id: number): Handle => {
    const handle = handles.get(id);
    if (handle === undefined) throw new Error(`there is no tensor ${id}`);
    return handle;
  };
  const refuse = (): never => {
    throw new Error('saved models need the TensorFlow.js addon, which the lab does not use');
  };

  return {
    TensorMetadata: Metadata,
    TFEOpAttr: Attribute,
    createTensor: (shape, dtype, data) => {
      if (dtype === DataType.float)
        return keep(tensorFlow.upload(Float32Array.from(data as Float32Array), shape));
      if (dtype === DataType.int32)
        return keep(tensorFlow.upload(Int32Array.from(data as Int32Array), shape));
      throw new Error(`tensors of TensorFlow’s type ${dtype} are not used by the lab`);
    },
    deleteTensor: (id) => {
      tensorFlow.release(handleOf(id));
      handles.delete(id);
    },
    tensorDataSync: (id) => tensorFlow.download(handleOf(id)).data,
    executeOp: (type, attributes, inputs, outputs) =>
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the package declares a class, makes none, and only reads its fields
      execute(tensorFlow, type, inputs.map(handleOf), attributes.map(translate), outputs).map((handle) => ({
        id: keep(handle),
        shape: [...tensorFlow.shapeOf(handle)],
        dtype: tensorFlow.api.TFE_TensorHandleDataType(handle),
      })),
    loadSavedModel: refuse,
    deleteSavedModel: refuse,
    runSavedModel: refuse,
    getNumOfSavedModels: () => 0,
    getNumOfTensors: () => handles.size,
    isUsingGpuDevice: () => tensorFlow.device.type === 'GPU',
    TF_FLOAT: DataType.float,
    TF_INT32: DataType.int32,
    TF_BOOL: DataType.bool,
    TF_RESOURCE: DataType.resource,
    TF_UINT8: OtherType.uint8,
    TF_STRING: OtherType.string,
    TF_COMPLEX64: OtherType.complex64,
    TF_INT64: OtherType.int64,
    TF_ATTR_STRING: AttributeKind.string,
    TF_ATTR_INT: AttributeKind.int,
    TF_ATTR_FLOAT: AttributeKind.float,
    TF_ATTR_BOOL: AttributeKind.bool,
    TF_ATTR_TYPE: AttributeKind.type,
    TF_ATTR_SHAPE: AttributeKind.shape,
    TF_ATTR_RESOURCE: AttributeKind.resource,
    TF_Version: tensorFlow.version,
  };
}
