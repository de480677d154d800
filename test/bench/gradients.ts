/**
 * How exact a whole adversarial step is on each engine: errors of losses and of gradients against PyTorch in double
 * precision, and those of PyTorch's own float32 beside them. The cases keep clear of kinks; see test/unit/engines/pytorch.
 */
import { NativeEngine } from '../../src/training/engines/native/native-engine';
import type { Engine } from '../../src/training/engines/engine';
import { EmbeddedEngine } from '../../src/training/engines/wasm/embedded-engine';
import {
  relativeErrors,
  stepCase,
  stepInPyTorch,
  stepOnEngine,
  type StepResult,
} from '../support/pytorch-step';
import { findEquipment } from './contenders';
import { markdownTable, median } from './statistics';
import { workload } from './workloads';

/** Of weights and images; others from 1 to 8 come too near a kink. */
const seeds = [2, 4, 7];
/** Activations of a case that counts stay this far from every kink, over the size of their layer. */
const LEAST_MARGIN = 1.5e-5;

/** Prints a table. Throws where there is no PyTorch. */
export async function benchGradients(): Promise<void> {
  const { library, pyTorch } = await findEquipment();
  if (pyTorch === undefined) throw new Error('This needs PyTorch: npm run bench -- set-up installs it.');
  const configuration = workload('tiny', 2);
  const small = {
    ...configuration,
    data: { ...configuration.data, patch: 16 },
    adam: { ...configuration.adam, epsilon: 1e-2 },
  };
  const open: Record<string, () => Promise<Engine>> = {
    'embedded, F(4×4, 3×3)': () => EmbeddedEngine.open({ exactness: 'winograd4' }),
    'embedded, F(2×2, 3×3)': () => EmbeddedEngine.open({ exactness: 'winograd2' }),
    'embedded, direct': () => EmbeddedEngine.open({ exactness: 'direct' }),
    ...(library !== undefined && {
      native: () => Promise.resolve(new NativeEngine(library)),
      'native, bfloat16': () => Promise.resolve(new NativeEngine(library, { bfloat16: true })),
    }),
  };
  const errors = new Map<string, Errors[]>();
  const note = (name: string, found: Errors): void => {
    errors.set(name, [...(errors.get(name) ?? []), found]);
  };
  for (const seed of seeds) {
    const step = await stepCase(small, 'adversarial', seed);
    const { float32, float64, margin } = await stepInPyTorch(pyTorch, step);
    if (margin < LEAST_MARGIN) throw new Error(`Seed ${seed} comes as near to a kink as ${margin}.`);
    note('PyTorch, float32', errorsOf(float32, float64));
    for (const [name, opening] of Object.entries(open)) {
      const engine = await opening();
      note(name, errorsOf(await stepOnEngine(engine, step), float64));
      await engine.dispose();
    }
  }
  const digits = (values: readonly number[]): string => Math.max(...values).toExponential(1);
  const rows = [...errors].map(([name, found]) => [
    name,
    digits(found.map(({ loss }) => loss)),
    found.map(({ typical }) => typical.toExponential(1)).join(', '),
    digits(found.map(({ worst }) => worst)),
  ]);
  const header = [
    '',
    'largest error of a loss',
    'median over the gradients, each seed',
    'largest of a gradient',
  ];
  console.log(markdownTable(header, rows));
}

interface Errors {
  readonly loss: number;
  readonly typical: number;
  readonly worst: number;
}

function errorsOf(actual: StepResult, expected: StepResult): Errors {
  const gradients = [/^generator/, /^discriminator/].flatMap((network) =>
    relativeErrors(actual.gradients, expected.gradients, network).map(({ error }) => error),
  );
  return {
    loss: relativeErrors(actual.losses, expected.losses)[0]!.error,
    typical: median(gradients),
    worst: Math.max(...gradients),
  };
}
