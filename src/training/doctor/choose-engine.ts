/**
 * Which engine `auto` takes, and why: a GPU through the native engine where there is one; else whichever trains faster here,
 * measured once for this machine and these versions, and remembered.
 */
import { createHash } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';
import type { EngineName } from '../../protocol/engine-report';
import { defaultEngineSettings, type EngineSettings } from '../../protocol/engine-settings';
import { findTensorFlow, type FoundTensorFlow, type SearchOptions } from '../engines/native/find-tensorflow';
import { MachineMemory } from './machine-memory';
import { probeEngine } from './probe';
import { identityOfFile } from './trial';

export interface EngineDecision {
  readonly engine: EngineName;
  readonly library?: string;
  /** One sentence. */
  readonly reason: string;
}

const decisions = new MachineMemory(
  'engine-choice.json',
  z.object({ engine: z.enum(['embedded', 'native']), reason: z.string() }),
);

const MEASURE_SECONDS = 4;

/** What the measurement depends on: another TensorFlow, Node, processor, number of cores or setting is measured again. */
async function circumstances(library: string, settings: EngineSettings): Promise<string> {
  const machine = [process.version, cpus()[0]?.model, availableParallelism()];
  const facts = [library, await identityOfFile(library), ...machine, settings];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** Why there is none: the one that is there but cannot be used is worth a word. */
function noTensorFlow(found: readonly FoundTensorFlow[]): string {
  const spoilt = found.find(({ source, version }) => source === 'setting' || version !== undefined);
  return `There is no TensorFlow for the native engine on this machine. ${spoilt?.reason ?? ''}`.trim();
}

export interface ChoiceOptions extends SearchOptions {
  /** How the engines compute; they are measured so. */
  readonly settings?: EngineSettings;
}

/** Decides for this machine. Takes some seconds the first time there is a TensorFlow, and no time without one. */
export async function chooseEngine(options: ChoiceOptions = {}): Promise<EngineDecision> {
  const { settings = defaultEngineSettings } = options;
  const found = await findTensorFlow(options);
  const library = found.find((each) => each.library !== undefined)?.library;
  if (library === undefined) return { engine: 'embedded', reason: noTensorFlow(found) };
  const key = await circumstances(library, settings);
  const known = await decisions.recall(key);
  if (known !== undefined) return known.engine === 'native' ? { ...known, library } : known;

  const measure = { benchmarkSeconds: MEASURE_SECONDS, settings };
  const native = await probeEngine({ engine: 'native', library, ...measure });
  if ('problem' in native)
    return { engine: 'embedded', reason: `TensorFlow cannot be used. ${native.problem}` };
  if (native.ok.gpu) {
    return {
      engine: 'native',
      library,
      reason: `There is a GPU that TensorFlow can use: ${native.ok.device}.`,
    };
  }
  const embedded = await probeEngine({ engine: 'embedded', ...measure });
  const decision = compare(embedded, native.ok, library);
  await decisions.keep(key, { engine: decision.engine, reason: decision.reason });
  return decision;
}

type Probed = Awaited<ReturnType<typeof probeEngine>>;

function compare(
  embedded: Probed,
  native: Extract<Probed, { ok: unknown }>['ok'],
  library: string,
): EngineDecision {
  const nativeSeconds = native.benchmark?.secondsPerStep.adversarial ?? Infinity;
  const embeddedSeconds =
    'ok' in embedded ? (embedded.ok.benchmark?.secondsPerStep.adversarial ?? Infinity) : Infinity;
  const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;
  const [winner, faster, slower] =
    embeddedSeconds <= nativeSeconds
      ? (['embedded', embeddedSeconds, nativeSeconds] as const)
      : (['native', nativeSeconds, embeddedSeconds] as const);
  const loser = winner === 'native' ? 'embedded' : 'native';
  const reason = `No GPU, and measured here the ${winner} engine is faster: ${milliseconds(faster)} an adversarial step of the quick preset, ${loser} ${milliseconds(slower)}.`;
  return winner === 'native' ? { engine: 'native', library, reason } : { engine: 'embedded', reason };
}
