/**
 * Run as a process with TensorFlow's library as its argument: takes steps compiled, eagerly and on the reference engine,
 * and prints how they differ as one JSON document.
 */
import type { RunConfiguration } from '../../../../src/protocol/run-configuration';
import type { Engine, NamedTensors } from '../../../../src/training/engines/engine';
import { useTensorFlowBackend } from '../../../../src/training/engines/native/eager/backend';
import { runEagerly } from '../../../../src/training/engines/native/eager/eager-runner';
import { NativeEngine } from '../../../../src/training/engines/native/native-engine';
import { TensorFlow } from '../../../../src/training/engines/native/tensorflow';
import { openReferenceEngine } from '../../../../src/training/engines/tfjs/reference';
import type { StepGraph } from '../../../../src/training/graph/step-graph';
import { initialState } from '../../../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../../../src/training/step/adversarial-step';
import { traceInference } from '../../../../src/training/step/inference';
import { tracePixelStep } from '../../../../src/training/step/pixel-step';
import { smallRun, stepInputs } from '../../engines-wasm/support/small-runs';

interface Case {
  readonly step: string;
  readonly configuration: RunConfiguration;
  readonly graph: StepGraph;
}

function cases(): Case[] {
  const plain = smallRun({});
  const skip = smallRun({
    scale: 3,
    data: { patch: 21, batch: 3, flips: true, quarterTurns: true },
    generator: { blocks: 1, channels: 9, normalisation: 'none', prelu: 'layer', globalSkip: 'bicubic' },
  });
  const size = { batch: 1, height: 13, width: 18 };
  return [
    { step: 'pixel', configuration: plain, graph: tracePixelStep(plain) },
    { step: 'pixel, bicubic skip ×3', configuration: skip, graph: tracePixelStep(skip) },
    { step: 'adversarial', configuration: plain, graph: traceAdversarialStep(plain) },
    { step: 'inference', configuration: plain, graph: traceInference(plain.generator, plain.scale, size) },
  ];
}

/** Outputs and updated variables of one step. */
async function oneStep(engine: Engine, graph: StepGraph, inputs: NamedTensors, initial: NamedTensors) {
  const state = await engine.createState(initial);
  const executable = await engine.compile(graph, state);
  const outputs = await executable.run(inputs);
  const updated = graph.variables.filter(({ update }) => update !== undefined).map(({ name }) => name);
  const after = await state.read(updated);
  executable.dispose();
  state.dispose();
  return { ...outputs, ...after };
}

const norm = (values: Float32Array): number => Math.hypot(...values);

/**
 * The largest relative error of a loss, a gradient (as Adam's first moment sees it), a running statistic or a picture.
 * A bias before batch normalisation has no gradient but rounding, so errors are held against a thousandth of them all.
 */
function worst(actual: NamedTensors, expected: NamedTensors): { name: string; error: number } {
  const names = Object.keys(expected).filter(
    (name) => !/^adam\/v|kernel$|bias$|gamma$|beta$|alpha$/.test(name) || name.startsWith('adam/m'),
  );
  const least =
    1e-3 *
    Math.hypot(
      ...names.filter((name) => name.startsWith('adam/m')).map((name) => norm(expected[name]!.data)),
    );
  return names
    .map((name) => {
      const reference = expected[name]!.data;
      const difference = actual[name]!.data.map((value, i) => value - reference[i]!);
      return { name, error: norm(difference) / Math.max(norm(reference), least) };
    })
    .reduce((a, b) => (b.error > a.error || Number.isNaN(b.error) ? b : a), { name: 'none', error: 0 });
}

async function main(library: string): Promise<void> {
  const native = new NativeEngine(library, { threads: 2 });
  const backend = await useTensorFlowBackend(new TensorFlow(library, { threads: 2 }));
  const reference = openReferenceEngine();
  const comparisons = [];
  for (const { step, configuration, graph } of cases()) {
    const all = await initialState(configuration);
    const initial = Object.fromEntries(graph.variables.map(({ name }) => [name, all[name]!]));
    const inputs = stepInputs(graph, configuration, 1);
    const compiled = await oneStep(native, graph, inputs, initial);
    const { outputs, updates } = runEagerly(backend, graph, inputs, initial);
    const eager: NamedTensors = { ...outputs, ...updates };
    comparisons.push({
      step,
      unequalToEager: Object.keys(eager).filter(
        (name) => !eager[name]!.data.every((value, i) => Object.is(value, compiled[name]!.data[i])),
      ),
      worstToReference: worst(compiled, await oneStep(reference, graph, inputs, initial)),
    });
  }
  process.stdout.write(`\n${JSON.stringify(comparisons)}\n`, () => process.exit(0));
}

void main(process.argv[2] ?? '');
