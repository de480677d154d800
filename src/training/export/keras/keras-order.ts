/**
 * The order that Keras itself gives a model's layers when it builds one: by their distance from the output, the furthest
 * first, and among equals by a walk from the output back. Weights in an HDF5 file are read in that order, not by name.
 */
import type { KerasLayer } from './layer';

export function inKerasOrder(layers: readonly KerasLayer[], output: string): KerasLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const met = new Map<string, number>();
  const visit = (name: string): void => {
    if (met.has(name)) return;
    met.set(name, met.size);
    for (const input of byName.get(name)!.inputs) visit(input);
  };
  visit(output);

  const distances = new Map<string, number>([[output, 0]]);
  // The layers come in an order that can be computed, so every reader of a layer stands behind it.
  for (const { name, inputs } of layers.toReversed()) {
    for (const input of inputs)
      distances.set(input, Math.max(distances.get(input) ?? 0, distances.get(name)! + 1));
  }
  return layers.toSorted(
    (a, b) => distances.get(b.name)! - distances.get(a.name)! || met.get(a.name)! - met.get(b.name)!,
  );
}
