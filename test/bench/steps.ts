/**
 * Seconds a training step of the embedded engine, preset by preset. CPU seconds are what a step costs when other programs
 * take their share of the cores.
 */
import type { PresetName } from '../../src/protocol/presets';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import { stageNames, type StageName } from '../../src/protocol/stage-names';
import { openEngine } from '../../src/training/engines/open-engine';
import { graphFlops } from '../../src/training/graph/operations';
import { initialState } from '../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../src/training/step/adversarial-step';
import { tracePixelStep } from '../../src/training/step/pixel-step';
import { presetConfiguration } from '../support/configurations';
import { randomTensor, scalarTensor } from '../support/run-operation';
import { median, processorSeconds } from './statistics';

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
    cpu.push(await processorSeconds(() => step.run(inputs)));
    wall.push((performance.now() - start) / 1e3);
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

/** Prints both steps of a preset. */
export async function benchSteps(preset: PresetName, steps: number): Promise<void> {
  for (const stage of stageNames) await measure(presetConfiguration(preset), stage, steps);
}
