/** Inputs of a step graph that stand for data where only time or sameness matters. */
import { randomStream } from '../../random/random-stream';
import type { NamedTensors } from '../engines/engine';
import { elementCount } from '../graph/shape';
import type { StepGraph } from '../graph/step-graph';

const SEED = 1;

/** Random patches, and step sizes that leave the weights where they are, so that no number of steps diverges. */
export function randomInputs(graph: StepGraph): NamedTensors {
  const random = randomStream(SEED, 'benchmark', 0);
  return Object.fromEntries(
    graph.inputs.map(({ name, value }) => {
      const { shape } = graph.values[value]!;
      const data = Float32Array.from({ length: elementCount(shape) }, () => random.uniform());
      return [name, { shape, data: shape.length === 0 ? data.fill(1e-8) : data }];
    }),
  );
}
