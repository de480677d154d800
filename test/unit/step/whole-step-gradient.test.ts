/**
 * The gradient of a whole step, through both networks and all losses, against finite differences of the loss. Adam with
 * β₁ = 0 keeps in `m` the gradient itself, so it can be read from the state after one step.
 */
import assert from 'node:assert/strict';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import type { HostTensor, NamedTensors } from '../../../src/training/engines/engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { initialState } from '../../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { microConfiguration } from '../../support/configurations';
import { randomTensor, scalarTensor } from '../../support/run-operation';

/** Slopes of 0.9 and more make the networks nearly linear: then no difference is spoiled by crossing a kink. */
function nearlyLinear(state: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(state).map(([name, tensor]): [string, HostTensor] => [
      name,
      name.endsWith('/alpha') ? { ...tensor, data: tensor.data.map((_, c) => 0.9 + 0.05 * c) } : tensor,
    ]),
  );
}

/** Losses before, and gradients in the moments after, one step that changes no parameter. */
async function evaluate(
  configuration: RunConfiguration,
  initial: NamedTensors,
): Promise<{ losses: NamedTensors; state: NamedTensors }> {
  const engine = openReferenceEngine();
  const graph = traceAdversarialStep(configuration);
  const state = await engine.createState(initial);
  const step = await engine.compile(graph, state);
  const losses = await step.run(
    Object.fromEntries(
      graph.inputs.map(({ name, value }) => {
        const { shape } = graph.values[value]!;
        if (name.endsWith('/stepSize')) return [name, scalarTensor(0)];
        if (name.endsWith('/epsilon')) return [name, scalarTensor(1)];
        return [name, randomTensor(shape, name, 0.3)];
      }),
    ),
  );
  const after = await state.read();
  await engine.dispose();
  return { losses, state: after };
}

describe('gradients of a whole adversarial step', () => {
  const configuration = microConfiguration({
    adam: { beta1: 0, beta2: 0, epsilon: 1e-8 },
    lossWeights: { pixel: 1, content: 0.001, adversarial: 0.5 },
  });
  const losses = {
    generator: (outputs: NamedTensors) => outputs['generator/total']!.data[0]!,
    discriminator: (outputs: NamedTensors) =>
      outputs['discriminator/real']!.data[0]! + outputs['discriminator/fake']!.data[0]!,
  };

  for (const network of ['generator', 'discriminator'] as const) {
    it(`of the ${network} agree with finite differences`, async function () {
      this.timeout(60_000);
      const initial = nearlyLinear(await initialState(configuration));
      const { state } = await evaluate(configuration, initial);
      const names = Object.keys(initial).filter(
        (name) => name.startsWith(`${network}/`) && `adam/m/${name}` in initial,
      );
      assert.ok(names.length > 8);
      for (const name of names) {
        const gradient = state[`adam/m/${name}`]!.data;
        const norm = Math.hypot(...gradient);
        // Along the gradient itself the loss changes most, and rounding matters least.
        const distance = 2e-3 / Math.max(norm, 1e-3);
        const lossAt = async (sign: number): Promise<number> => {
          const tensor = initial[name]!;
          const data = tensor.data.map((value, i) => value + sign * distance * gradient[i]!);
          const { losses: outputs } = await evaluate(configuration, {
            ...initial,
            [name]: { ...tensor, data },
          });
          return losses[network](outputs);
        };
        const numeric = ((await lossAt(1)) - (await lossAt(-1))) / (2 * distance);
        const expected = norm ** 2;
        const difference = Math.abs(numeric - expected) / Math.max(expected, 1e-4 * norm);
        // A bias before batch normalisation has no effect, so its gradient is rounding alone.
        if (norm < 1e-6) continue;
        assert.ok(difference < 0.02, `${name}: ${expected}, by differences ${numeric}`);
      }
    });
  }
});
