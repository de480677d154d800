/** The bench of the engines against PyTorch: matches of contenders, short real runs, a report. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultEngineSettings } from '../../src/protocol/engine-settings';
import { reasonAgainstWideVectors } from '../../src/training/doctor/prove-wide-vectors';
import { stopRuns } from '../../scripts/start/stop-runs';
import { entrants, findEquipment, type EngineName, type Precision } from './contenders';
import { report } from './report';
import { measureRuns, type RunFigures } from './runs';
import { play, type Measurement } from './speed';
import type { NetworkName, Task } from './workloads';
import { writeBetweenMarks } from './write-between-marks';

export const parts = ['speed', 'runs'] as const;

export interface EnginesBench {
  readonly parts: readonly (typeof parts)[number][];
  readonly engines: readonly EngineName[];
  readonly networks: readonly NetworkName[];
  readonly batches: readonly number[];
  readonly tasks: readonly Task[];
  readonly precisions: readonly Precision[];
  readonly rounds: number;
  /** Whether PyTorch takes part compiled, too. */
  readonly compiled: boolean;
  /** Whether the embedded engine computes in vectors of 256 bits where that is its default. */
  readonly wideVectors: boolean;
  /** A Markdown file whose text between the marks is replaced by the report. */
  readonly write?: string | undefined;
}

export async function benchEngines(bench: EnginesBench): Promise<void> {
  const wideVectors =
    bench.wideVectors && (await reasonAgainstWideVectors(defaultEngineSettings.embedded)) === undefined;
  const equipment = await findEquipment();
  const began = performance.now();
  const say = (message: string): void => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.error(`${seconds.padStart(5)} s  ${message}`);
  };
  equipment.missing.forEach(say);

  const measurements: Measurement[] = [];
  const notes: string[] = [];
  const engines = bench.engines.filter((engine) => engine === 'embedded' || equipment.library !== undefined);
  if (bench.parts.includes('speed')) {
    for (const precision of bench.precisions) {
      for (const network of bench.networks) {
        for (const batch of bench.batches) {
          const matched = entrants(equipment, {
            precision,
            engines,
            scaling: batch === bench.batches[0],
            compiled: bench.compiled,
            wideVectors,
          });
          if (matched.every(({ side }) => side === 'pytorch')) continue;
          // An image is inferred alone, whatever the batch.
          const chosen = bench.tasks.filter((task) => task !== 'inference' || batch === bench.batches[0]);
          const { rounds } = bench;
          const match = { network, batch, precision, tasks: chosen, rounds, entrants: matched };
          const { measured, leftOut } = await play(match, say);
          measurements.push(...measured);
          notes.push(...leftOut);
        }
      }
    }
  }
  const runs = bench.parts.includes('runs') ? await shortRuns(engines, equipment.library, say) : [];
  say('done');

  const uncompiled = bench.compiled ? [] : ['PyTorch was measured without `torch.compile`.'];
  const widened = wideVectors ? ['The embedded engine computed in vectors of 256 bits.'] : [];
  const told = [...new Set([...equipment.missing, ...widened, ...uncompiled, ...notes])];
  const text = report({ measurements, runs }, { ...equipment, missing: told });
  if (bench.write === undefined) console.log(`\n${text}`);
  else await writeBetweenMarks(bench.write, 'bench', text);
}

async function shortRuns(
  engines: readonly EngineName[],
  library: string | undefined,
  say: (message: string) => void,
): Promise<RunFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'srgan-lab-bench-'));
  try {
    return await measureRuns(folder, engines, library, say);
  } finally {
    await stopRuns(folder);
    await rm(folder, { recursive: true, force: true });
  }
}
