/** Names of Keras' weights, brought to one form: `LAYER/kernel`, whichever version wrote them. */

/**
 * `block1_conv1_W_1:0` (Keras 1), `block1_conv1/kernel:0` (Keras 2) and `kernel` of the layer `block1_conv1` all become
 * `block1_conv1/kernel`.
 */
export function kerasWeightName(layer: string, weight: string): string {
  const last = weight.replace(/:\d+$/, '').split('/').at(-1) ?? weight;
  if (/(^|_)W(_\d+)?$/.test(last)) return `${layer}/kernel`;
  if (/(^|_)b(_\d+)?$/.test(last)) return `${layer}/bias`;
  return `${layer}/${last}`;
}
