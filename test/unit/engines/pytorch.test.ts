/**
 * Whole training steps against PyTorch's autograd in double precision, from identical weights and images: losses, every
 * gradient, running statistics, Adam's moments and its update. Skips where there is no PyTorch.
 *
 * Gradients jump where an input of a rectifier changes its sign, and where another pixel of a pooled window becomes the
 * largest. Rounding decides that for inputs as near to zero as itself, and then any two correct computations, PyTorch's
 * own float32 too, differ by 1e-4 to 1e-2. So the cases were chosen by their margin, which is checked first.
 */
import assert from 'node:assert/strict';
import { presets } from '../../../src/protocol/presets';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import { stageNames } from '../../../src/protocol/stage-names';
import type { Engine } from '../../../src/training/engines/engine';
import { NativeEngine } from '../../../src/training/engines/native/native-engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { realPyTorch, type PyTorch } from '../../support/pytorch';
import {
  relativeErrors,
  stepCase,
  stepInPyTorch,
  stepOnEngine,
  type PyTorchResult,
  type StepCase,
  type StepResult,
} from '../../support/pytorch-step';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';
import { openEmbedded } from '../engines-wasm/support/embedded';
import { smallRun } from '../engines-wasm/support/small-runs';

/** Errors of activations are 1e-7 to 1e-6 of their layer’s size; the largest of them, by Winograd’s F(4×4), ten times that. */
const LEAST_MARGIN = 1.5e-5;
const GRADIENT_ERROR = 1e-4;
const LOSS_ERROR = 5e-6;
const STATISTICS_ERROR = 5e-6;

/** Adam’s update is as exact as its gradient only where epsilon is not small against it. */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-2 };

interface Subject {
  readonly name: string;
  readonly configuration: RunConfiguration;
  /** Of the weights and images. */
  readonly seed: number;
  /** Whether plain JavaScript can do it in seconds. */
  readonly micro: boolean;
}

const subjects: readonly Subject[] = [
  { name: '2 blocks of 8 channels', configuration: { ...smallRun({}), adam }, seed: 4, micro: true },
  {
    name: '4 blocks of 32 channels',
    configuration: {
      ...smallRun({
        generator: { blocks: 4, channels: 32, normalisation: 'batch', prelu: 'channel', globalSkip: 'none' },
        discriminator: presets.quick.discriminator,
        content: { network: 'random-vgg', layer: 'conv2_2', width: 0.25, seed: 0 },
        data: { patch: 16, batch: 2, flips: true, quarterTurns: true },
      }),
      adam,
    },
    seed: 2,
    micro: false,
  },
];

function assertWithin(limit: number, [worst]: { name: string; error: number }[]): void {
  assert.ok(worst !== undefined, 'there is nothing to compare');
  assert.ok(worst.error < limit, `${worst.name} is off by ${worst.error}`);
}

/** Batch normalisation takes them away again: their gradient is rounding, and Adam makes steps of any size of that. */
const biasesWithoutEffect = /(block\d+\/conv\d|trunk\/conv|discriminator\/conv[2-9])\/bias$/;

/** What Adam added to each parameter. */
function updates({ after }: StepResult, { before }: StepCase): StepResult['after'] {
  const parameters = Object.entries(after).filter(
    ([name]) => `adam/m/${name}` in after && !biasesWithoutEffect.test(name),
  );
  return Object.fromEntries(
    parameters.map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, i) => value - before[name]!.data[i]!) },
    ]),
  );
}

function assertAgrees(actual: StepResult, { float64 }: PyTorchResult, step: StepCase): void {
  assert.deepEqual(Object.keys(actual.gradients).sort(), Object.keys(float64.gradients).sort());
  assertWithin(LOSS_ERROR, relativeErrors(actual.losses, float64.losses));
  for (const network of step.stage === 'pixel' ? [/^generator/] : [/^generator/, /^discriminator/]) {
    assertWithin(GRADIENT_ERROR, relativeErrors(actual.gradients, float64.gradients, network));
    assertWithin(GRADIENT_ERROR, relativeErrors(updates(actual, step), updates(float64, step), network));
  }
  assertWithin(STATISTICS_ERROR, relativeErrors(actual.after, float64.after, /\/(mean|variance)$/));
  assertWithin(GRADIENT_ERROR, relativeErrors(actual.after, float64.after, /^adam\/m/));
  assertWithin(2 * GRADIENT_ERROR, relativeErrors(actual.after, float64.after, /^adam\/v/));
}

for (const { name, configuration, seed, micro } of subjects) {
  for (const stage of stageNames) {
    describe(`${stage} step, ${name}, against PyTorch`, function () {
      this.timeout(180_000);
      let step: StepCase;
      let pyTorch: PyTorchResult;

      before(async function () {
        const found: PyTorch = await realPyTorch(this);
        step = await stepCase(configuration, stage, seed);
        pyTorch = await stepInPyTorch(found, step);
      });

      async function check(opening: Promise<Engine>): Promise<void> {
        const engine = await opening;
        try {
          assertAgrees(await stepOnEngine(engine, step), pyTorch, step);
        } finally {
          await engine.dispose();
        }
      }

      it('is well conditioned: PyTorch’s own float32 agrees with its float64', () => {
        assert.ok(pyTorch.margin > LEAST_MARGIN, `an activation is as near to a kink as ${pyTorch.margin}`);
        assertAgrees(pyTorch.float32, pyTorch, step);
      });

      for (const exactness of ['winograd6', 'winograd4', 'winograd2', 'direct'] as const) {
        it(`embedded engine, ${exactness}`, () => check(openEmbedded({ exactness })));
      }

      it('native engine', async function () {
        const library = await realTensorFlow(this);
        await check(Promise.resolve(new NativeEngine(library)));
      });

      if (micro) it('reference engine', () => check(Promise.resolve(openReferenceEngine())));
    });
  }
}
