/**
 * Seconds a training step of the embedded engine: `npx tsx test/bench/step.bench.ts [preset] [pixel|adversarial] [steps]`.
 * CPU seconds are what a step costs when other programs take their share of the cores.
 */
import { presets, presetNames } from '../../src/protocol/presets';
import type { RunConfiguration, StageName } from '../../src/protocol/run-configuration';
import { openEngine } from '../../src/training/engines/open-engine';
import { graphFlops } from '../../src/training/graph/operations';
import { initialState } from '../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../src/training/step/adversarial-step';
import { tracePixelStep } from '../../src/training/step/pixel-step';
import { randomTensor, scalarTensor } from '../support/run-operation';

function configurationOf(name: string): RunConfiguration {
  const preset = presetNames.find((known) => known === name);
  if (preset === undefined) throw new Error(`presets are ${presetNames.join(', ')}`);
  return {
    ...presets[preset],
    format: 1,
    name,
    created: new Date().toISOString(),
    preset,
    dataset: '.',
    scale: 4,
    seed: 0,
    engine: 'embedded',
  };
}

async function measure(configuration: RunConfiguration, stage: StageName, steps: number): Promise<void> {
  const graph = stage === 'pixel' ? tracePixelStep(configuration) : traceAdversarialStep(configuration);
  const engine = await openEngine('embedded');
  const state = await engine.createState(await initialState(configuration));
  const step = await engine.compile(graph, state);
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name, value }) => {
      const { shape } = graph.values[value]!;
      return [name, shape.length === 0 ? scalarTensor(1e-5) : randomTensor(shape, name, 0.2)];
    }),
  );
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    const used = process.cpuUsage();
    await step.run(inputs);
    wall.push((performance.now() - start) / 1e3);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1e6);
  }
  const gigaflops = graphFlops(graph) / 1e9;
  console.log(
    `${configuration.preset} ${stage}: median ${median(wall).toFixed(3)} s (CPU ${median(cpu).toFixed(3)} s), ` +
      `best ${Math.min(...wall).toFixed(3)} s (CPU ${Math.min(...cpu).toFixed(3)} s), ` +
      `${gigaflops.toFixed(2)} GFLOP, ${(gigaflops / median(cpu)).toFixed(1)} GFLOP a CPU second, ` +
      `${graph.operations.length} operations, ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB`,
  );
  await engine.dispose();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const [preset = 'quick', stage, steps = '20'] = process.argv.slice(2);
void (async () => {
  for (const name of ['pixel', 'adversarial'] as const) {
    if (stage === undefined || stage === name) await measure(configurationOf(preset), name, Number(steps));
  }
})();
