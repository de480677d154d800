/** The compiled training step of a stage: a batch and a learning rate go in, the losses come out, the state moves on. */
import type { StepLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import type { Engine, EngineState, HostTensor, NamedTensors } from '../engines/engine';
import type { Batch } from '../feed/feed';
import { graphFlops } from '../graph/operations';
import type { StepGraph } from '../graph/step-graph';
import { adamScalars } from '../step/adam';
import { traceAdversarialStep } from '../step/adversarial-step';
import { tracePixelStep } from '../step/pixel-step';

/** Losses of one step, raw means over the batch; null where a loss is not finite. */
export type StepLosses = Pick<StepLine, 'generator' | 'discriminator'>;

export interface StageStep {
  /** @param done steps of the stage made before this one; Adam's bias correction counts from it */
  run(batch: Batch, learningRate: number, done: number): Promise<StepLosses>;
  dispose(): void;
}

/** The step of each stage as a graph. */
export const traceStep: Readonly<Record<StageName, (configuration: RunConfiguration) => StepGraph>> = {
  pixel: tracePixelStep,
  adversarial: traceAdversarialStep,
};

/** Floating point operations of a step of each stage that the run has. */
export function stepFlops(configuration: RunConfiguration): Partial<Record<StageName, number>> {
  const flops: Partial<Record<StageName, number>> = {};
  for (const { name } of configuration.stages) flops[name] = graphFlops(traceStep[name](configuration));
  return flops;
}

/** Traces and compiles the step of a stage on the state that holds both networks. */
export async function compileStageStep(
  engine: Engine,
  state: EngineState,
  configuration: RunConfiguration,
  stage: StageName,
): Promise<StageStep> {
  const graph = traceStep[stage](configuration);
  const executable = await engine.compile(graph, state);
  return {
    run: async ({ lr, hr }, learningRate, done) => {
      const { stepSize, epsilon } = adamScalars(configuration.adam, learningRate, done + 1);
      const inputs: Record<string, HostTensor> = { lr, hr };
      for (const { name } of graph.inputs) {
        if (name.endsWith('/stepSize')) inputs[name] = scalar(stepSize);
        if (name.endsWith('/epsilon')) inputs[name] = scalar(epsilon);
      }
      return readLosses(await executable.run(inputs), stage);
    },
    dispose: () => {
      executable.dispose();
    },
  };
}

function scalar(value: number): HostTensor {
  return { shape: [], data: new Float32Array([value]) };
}

function readLosses(outputs: NamedTensors, stage: StageName): StepLosses {
  const loss = (name: string): number | null => {
    const value = outputs[name]?.data[0];
    if (value === undefined) throw new Error(`The step has no output ${name}.`);
    return Number.isFinite(value) ? value : null;
  };
  const deviation = (name: string): number | null => {
    const logits = outputs[name]?.data;
    if (logits === undefined) throw new Error(`The step has no output ${name}.`);
    const value = sigmoidDeviation(logits);
    return Number.isFinite(value) ? value : null;
  };
  const pixel = loss('generator/pixel');
  const total = loss('generator/total');
  if (stage === 'pixel') return { generator: { pixel, total } };
  return {
    generator: {
      pixel,
      content: loss('generator/content'),
      adversarial: loss('generator/adversarial'),
      total,
    },
    discriminator: {
      real: loss('discriminator/real'),
      fake: loss('discriminator/fake'),
      realMean: loss('discriminator/realMean'),
      fakeMean: loss('discriminator/fakeMean'),
      realDeviation: deviation('discriminator/realLogits'),
      fakeDeviation: deviation('discriminator/fakeLogits'),
    },
  };
}

/** Standard deviation (of the population) of σ(logits), which lie in [0, 1]: how much D's answers to a batch differ. */
export function sigmoidDeviation(logits: Float32Array): number {
  const answers = Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)));
  const mean = answers.reduce((sum, answer) => sum + answer, 0) / answers.length;
  return Math.sqrt(answers.reduce((sum, answer) => sum + (answer - mean) ** 2, 0) / answers.length);
}

/** Mean squared error of images in [0, 1] that no generator has that still learns. */
const MAX_PIXEL_LOSS = 1000;

/** Names of the losses that tell that training has diverged, e.g. `generator.total`. */
export function brokenLosses({ generator, discriminator }: StepLosses): string[] {
  const names = Object.entries({ generator, discriminator }).flatMap(([network, losses]) =>
    Object.entries(losses ?? {}).flatMap(([name, value]) => (value === null ? [`${network}.${name}`] : [])),
  );
  return names.length === 0 && generator.pixel! > MAX_PIXEL_LOSS ? ['generator.pixel'] : names;
}
