/** What there is to compute with on this machine, tried and measured: the report behind the doctor's page and command. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { DoctorReport, EngineReport } from '../../protocol/engine-report';
import { findTensorFlow } from '../engines/native/find-tensorflow';
import { hasNvidiaDriver } from '../engines/native/set-up';
import { chooseEngine, type ChoiceOptions } from './choose-engine';
import { probeEngine, type ProbeRequest } from './probe';

export interface DoctorOptions extends ChoiceOptions {
  /** Length of the benchmark of each engine; 0 for none. */
  readonly benchmarkSeconds: number;
  readonly onProgress?: (message: string) => void;
}

async function nvidiaDriver(): Promise<string | undefined> {
  const path = '/proc/driver/nvidia/version';
  if (!existsSync(path)) return hasNvidiaDriver() ? 'present' : undefined;
  const text = await readFile(path, 'utf8');
  return /Module\s+([\d.]+)/.exec(text)?.[1] ?? 'present';
}

/** The CUDA and cuDNN that a TensorFlow package was built for; nothing for one without, or another layout. */
async function cudaVersions(library: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(join(dirname(library), 'python', 'platform', 'build_info.py'), 'utf8');
  } catch {
    return {};
  }
  return Object.fromEntries(
    ['cuda', 'cudnn'].flatMap((name) => {
      const version = new RegExp(`["']${name}_version["'], *["']([\\d.]+)["']`).exec(text)?.[1];
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

async function examine(request: ProbeRequest, origin: string): Promise<EngineReport> {
  const common = {
    name: request.engine,
    ...(request.library !== undefined && { library: request.library }),
  };
  const result = await probeEngine(request);
  if ('problem' in result) {
    return {
      ...common,
      usable: false,
      gpu: false,
      reason: `${origin} ${result.problem}`.trim(),
      advice: result.advice,
      ...(request.engine === 'native' && { remedies: ['set-up', 'choose-interpreter', 'open-settings'] }),
    };
  }
  return { ...common, usable: true, reason: origin, ...result.ok };
}

/** Why a machine with an NVIDIA driver, or a TensorFlow for one, computes on the CPU, and what to do. */
function gpuAdvice(report: EngineReport, driver: string | undefined, cuda: boolean): EngineReport {
  if (!report.usable || report.gpu || (driver === undefined && !cuda)) return report;
  if (driver === undefined) {
    const why = 'This machine has no NVIDIA driver, so no GPU is used.';
    return {
      ...report,
      reason: `${report.reason} ${why}`,
      advice:
        'If there is an NVIDIA GPU, install its driver (in a container, also pass the GPU on to it); otherwise nothing is wrong.',
    };
  }
  const advice = cuda
    ? 'This TensorFlow is built for CUDA but found no usable GPU: CUDA’s libraries may be missing (pip install "tensorflow[and-cuda]"), the driver too old, or another program holds the GPU. Look at nvidia-smi.'
    : 'There is an NVIDIA driver, but this TensorFlow is built for CPUs only. Set up the native engine again to get the CUDA build.';
  return { ...report, advice, ...(!cuda && { remedies: ['set-up' as const] }) };
}

/** Examines every engine; takes a few seconds and the length of the benchmarks. */
export async function examineMachine(options: DoctorOptions): Promise<DoctorReport> {
  const { benchmarkSeconds, settings, onProgress } = options;
  const driver = await nvidiaDriver();
  onProgress?.('Trying the embedded engine');
  const engines: EngineReport[] = [
    await examine(
      { engine: 'embedded', benchmarkSeconds, settings },
      'Comes with the lab; nothing needs to be installed.',
    ),
  ];
  onProgress?.('Looking for TensorFlow');
  const found = await findTensorFlow(options);
  const [first] = found.filter(({ library }) => library !== undefined);
  for (const { library, reason, place, cuda, version } of found) {
    if (library === undefined) {
      engines.push({
        name: 'native',
        usable: false,
        gpu: false,
        reason,
        advice: `Set up the native engine: the lab then installs TensorFlow for itself (srgan-lab engine setup).`,
        remedies: ['set-up', 'choose-interpreter', 'open-settings'],
      });
      continue;
    }
    onProgress?.(`Trying TensorFlow ${version ?? ''} of ${place}`);
    // Only the one that would be used is worth the time of a benchmark.
    const seconds = first?.library === library ? benchmarkSeconds : 0;
    const report = await examine({ engine: 'native', library, benchmarkSeconds: seconds, settings }, reason);
    const versions = { ...report.versions, ...(await cudaVersions(library)) };
    engines.push(gpuAdvice({ ...report, versions }, driver, cuda));
  }
  const { engine, reason } = await chooseEngine(options);
  return {
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      system: `${type()} ${release()} ${process.arch}`,
      node: process.version,
      ...(driver !== undefined && { nvidiaDriver: driver }),
    },
    engines,
    chosen: { engine, reason },
  };
}
