/** Attributes of an operation, set through the graph or the eager half of the C API, which name the same things twice. */
import type { Handle } from './c-api';
import type { OperationAttribute } from './operations';
import { dimensions, utf8, type TensorFlow } from './tensorflow';

/** Sets them on an operation that is being added to a graph. */
export function setGraphAttributes(
  { api }: TensorFlow,
  operation: Handle,
  attributes: readonly OperationAttribute[],
): void {
  for (const each of attributes) {
    const { name } = each;
    switch (each.kind) {
      case 'type':
        api.TF_SetAttrType(operation, name, each.value);
        break;
      case 'int':
        api.TF_SetAttrInt(operation, name, each.value);
        break;
      case 'float':
        api.TF_SetAttrFloat(operation, name, each.value);
        break;
      case 'bool':
        api.TF_SetAttrBool(operation, name, Number(each.value));
        break;
      case 'string':
        api.TF_SetAttrString(operation, name, utf8(each.value), utf8(each.value).length);
        break;
      case 'bytes':
        api.TF_SetAttrString(operation, name, each.value, each.value.length);
        break;
      case 'ints':
        api.TF_SetAttrIntList(operation, name, dimensions(each.value), each.value.length);
        break;
      case 'shape':
        api.TF_SetAttrShape(operation, name, dimensions(each.value), each.value.length);
        break;
    }
  }
}

/** Sets them on an operation that is about to be executed. */
export function setEagerAttributes(
  tensorFlow: TensorFlow,
  operation: Handle,
  attributes: readonly OperationAttribute[],
): void {
  const { api } = tensorFlow;
  for (const each of attributes) {
    const { name } = each;
    switch (each.kind) {
      case 'type':
        api.TFE_OpSetAttrType(operation, name, each.value);
        break;
      case 'int':
        api.TFE_OpSetAttrInt(operation, name, each.value);
        break;
      case 'float':
        api.TFE_OpSetAttrFloat(operation, name, each.value);
        break;
      case 'bool':
        api.TFE_OpSetAttrBool(operation, name, Number(each.value));
        break;
      case 'string':
        api.TFE_OpSetAttrString(operation, name, utf8(each.value), utf8(each.value).length);
        break;
      case 'bytes':
        api.TFE_OpSetAttrString(operation, name, each.value, each.value.length);
        break;
      case 'ints':
        api.TFE_OpSetAttrIntList(operation, name, dimensions(each.value), each.value.length);
        break;
      case 'shape':
        tensorFlow.check(`set the attribute ${name}`, (status) => {
          api.TFE_OpSetAttrShape(operation, name, dimensions(each.value), each.value.length, status);
        });
        break;
    }
  }
}
