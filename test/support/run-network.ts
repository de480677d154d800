/** What a network makes of an image in inference, by an engine of ours: what exports are held against. */
import type { Engine, HostTensor, NamedTensors } from '../../src/training/engines/engine';
import { traceStep } from '../../src/training/graph/trace';
import { interpret } from '../../src/training/networks/interpret';
import type { Network } from '../../src/training/networks/network';
import { parameterSpecs } from '../../src/training/networks/parameters';
import { runGraph } from './run-operation';

/** @param image [1, height, width, 3] in [0, 1] */
export async function runNetwork(
  engine: Engine,
  network: Network,
  weights: NamedTensors,
  image: HostTensor,
): Promise<HostTensor> {
  const variables = Object.fromEntries(parameterSpecs(network).map(({ name, shape }) => [name, shape]));
  const graph = traceStep({ inputs: { image: image.shape }, variables }, (step) => {
    const parameter = (name: string) => step.variable(name);
    step.output('result', interpret(network, step.input('image'), { parameter, mode: 'inference' }));
  });
  return (await runGraph(engine, graph, { image }, weights))['result']!;
}
