/** Who takes part: the engines, and PyTorch in each form that may be its fastest. */
import { buildSync } from 'esbuild';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import { findTensorFlow, searchOptions } from '../../src/training/engines/native/find-tensorflow';
import { findPyTorch, peersFolder, type PyTorch } from '../support/pytorch';
import type { Command } from './contender';
import type { EngineTurns } from './engine-contender';

export const engines = ['embedded', 'native'] as const;
export type EngineName = (typeof engines)[number];
export const precisions = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

export interface Entrant {
  readonly name: string;
  /** `embedded-1` is the embedded engine on one thread; `embedded-beside` are as many of those at once as there are threads. */
  readonly side: EngineName | 'embedded-1' | 'embedded-beside' | 'pytorch';
  /** Processes that take their turns at the same time. */
  readonly copies: number;
  readonly command: (configuration: RunConfiguration) => Command;
}

/** What this machine has to take part, and what is missing, in words. */
export interface Equipment {
  readonly threads: number;
  /** TensorFlow's library and version. */
  readonly library: string | undefined;
  readonly tensorFlow: string | undefined;
  readonly pyTorch: PyTorch | undefined;
  readonly missing: readonly string[];
}

/** Looks for TensorFlow and PyTorch as the tests do. */
export async function findEquipment(): Promise<Equipment> {
  const setting = process.env['SRGAN_LAB_TEST_TENSORFLOW'];
  const found = await findTensorFlow({ ...searchOptions(), ...(setting !== undefined && { setting }) });
  const usable = found.find((each) => each.library !== undefined);
  const library = usable?.library;
  const pyTorch = await findPyTorch();
  const missing = [
    ...(library === undefined
      ? ['The native engine is left out: there is no TensorFlow (`srgan-lab engine setup` installs one).']
      : []),
    ...(pyTorch === undefined
      ? ['PyTorch is left out: there is none (`npm run bench -- set-up` installs it).']
      : []),
  ];
  return { threads: availableParallelism(), library, tensorFlow: usable?.version, pyTorch, missing };
}

export interface Selection {
  readonly precision: Precision;
  readonly engines: readonly EngineName[];
  /** Whether the embedded engine takes part on one thread, too. */
  readonly scaling: boolean;
  /** Whether PyTorch takes part compiled, too. */
  readonly compiled: boolean;
  /** Whether the embedded engine takes part in vectors of 256 bits. */
  readonly wideVectors: boolean;
}

/** Those that compute in a precision: the chosen engines, and PyTorch. */
export function entrants(
  { threads, library, pyTorch }: Equipment,
  { precision, engines: chosen, scaling, compiled, wideVectors }: Selection,
): Entrant[] {
  const list: Entrant[] = [];
  if (precision === 'float32' && chosen.includes('embedded')) {
    list.push(engine('embedded', 'embedded', { threads, wideVectors }));
    if (threads > 1 && scaling) {
      const alone = engine('embedded, 1 thread', 'embedded-1', { threads: 1, wideVectors });
      list.push(alone, { ...alone, name: `${alone.name} each`, side: 'embedded-beside', copies: threads });
    }
  }
  if (library !== undefined && chosen.includes('native')) {
    const bfloat16 = precision === 'bfloat16';
    list.push(engine(bfloat16 ? 'native bfloat16' : 'native', 'native', { threads, library, bfloat16 }));
  }
  if (pyTorch !== undefined) {
    const chosenForms = forms.filter(({ compile }) => compiled || !compile);
    for (const form of chosenForms) list.push(pyTorchIn(form, pyTorch, threads, precision));
  }
  return list;
}

function engine(name: string, side: Entrant['side'], turns: Omit<EngineTurns, 'configuration'>): Entrant {
  return {
    name,
    side,
    copies: 1,
    command: (configuration) => ({
      file: process.execPath,
      parameters: [
        bundled('engine-contender'),
        JSON.stringify({ configuration, ...turns } satisfies EngineTurns),
      ],
    }),
  };
}

const forms = [
  { name: 'contiguous', memoryFormat: 'contiguous_format', compile: false },
  { name: 'channels_last', memoryFormat: 'channels_last', compile: false },
  { name: 'torch.compile', memoryFormat: 'channels_last', compile: true },
] as const;

function pyTorchIn(
  { name, memoryFormat, compile }: (typeof forms)[number],
  { python }: PyTorch,
  threads: number,
  precision: Precision,
): Entrant {
  return {
    name: `PyTorch ${name}${precision === 'bfloat16' ? ' bfloat16' : ''}`,
    side: 'pytorch',
    copies: 1,
    command: (configuration) => {
      const options = { configuration, threads, memoryFormat, compile, bfloat16: precision === 'bfloat16' };
      return {
        file: python,
        parameters: [join(peersFolder, 'contender.py'), JSON.stringify(options)],
        // What torch.compile makes is kept, so that only the first bench waits for it.
        environment: { TORCHINDUCTOR_CACHE_DIR: join(project, '.lab', 'torch-compiled') },
      };
    },
  };
}

const project = join(__dirname, '..', '..');
const bundles = new Map<string, string>();

/**
 * The bundle of a program of this folder: TypeScript's loader would count in the process's memory and start. It takes the
 * folder above its own for the installation, whose dist/ has the engine's threads.
 */
export function bundled(name: string): string {
  const known = bundles.get(name);
  if (known !== undefined) return known;
  const outfile = join(project, 'out', `${name}.js`);
  buildSync({
    entryPoints: [join(__dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile,
    external: ['koffi'],
    mainFields: ['module', 'main'],
    define: { navigator: 'undefined' },
  });
  bundles.set(name, outfile);
  return outfile;
}
