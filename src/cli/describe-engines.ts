/** The doctor's report in words for a terminal. */
import type { Benchmark, DoctorReport, EngineReport } from '../protocol/engine-report';
import { presetNames } from '../protocol/presets';
import { formatDuration } from '../protocol/quantities';

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;

/** Lines: what a step takes, what that is in GFLOP/s, and how long the presets take. */
export function describeBenchmark({ secondsPerStep, gigaflops, presets }: Benchmark): string[] {
  const stages = (['pixel', 'adversarial'] as const).map(
    (stage) =>
      `${stage} step ${milliseconds(secondsPerStep[stage])} (${gigaflops[stage].toFixed(0)} GFLOP/s)`,
  );
  const durations = presetNames.map((name) => `${name} ${formatDuration(presets[name])}`);
  return [
    `  Measured on the quick preset: ${stages.join(', ')}`,
    `  Presets would take about: ${durations.join(', ')} (validation left out)`,
  ];
}

function describeEngine(report: EngineReport): string[] {
  const { name, usable, reason, advice, device, gpu, versions, benchmark } = report;
  return [
    `${usable ? '✓' : '✗'} ${name}: ${reason}`,
    ...(device === undefined ? [] : [`  Computes on: ${device}${gpu ? '' : ' (no GPU is used)'}`]),
    ...(versions === undefined
      ? []
      : [
          `  Versions: ${Object.entries(versions)
            .map(([what, version]) => `${what} ${version}`)
            .join(', ')}`,
        ]),
    ...(benchmark === undefined ? [] : describeBenchmark(benchmark)),
    ...(advice === undefined ? [] : [`  → ${advice}`]),
  ];
}

export function describeDoctor({ machine, engines, chosen }: DoctorReport): string {
  const driver =
    machine.nvidiaDriver === undefined ? 'no NVIDIA driver' : `NVIDIA driver ${machine.nvidiaDriver}`;
  const { processor, cores, memoryBytes, system, node } = machine;
  return [
    `${processor}, ${cores} cores, ${gigabytes(memoryBytes)}; ${system}; Node ${node}; ${driver}`,
    '',
    ...engines.flatMap(describeEngine),
    '',
    `auto takes the ${chosen.engine} engine. ${chosen.reason}`,
  ].join('\n');
}
