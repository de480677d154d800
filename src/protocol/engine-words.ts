/** The doctor's report in words: lines for a terminal and the clipboard, and the sentences that its page shows, too. */
import type { Benchmark, DoctorReport, EngineReport } from './engine-report';
import { presetNames } from './presets';
import { formatBytes, formatDuration, formatShortTime } from './quantities';

/** `native` → `Native engine`. */
export function engineTitle({ name }: Pick<EngineReport, 'name'>): string {
  return name === 'native' ? 'Native engine' : 'Embedded engine';
}

/** The engines' benchmarks that were taken, the fastest first. */
function measured(engines: readonly EngineReport[]): (EngineReport & { benchmark: Benchmark })[] {
  return engines
    .flatMap((engine) => (engine.benchmark === undefined ? [] : [{ ...engine, benchmark: engine.benchmark }]))
    .sort((a, b) => a.benchmark.secondsPerStep.adversarial - b.benchmark.secondsPerStep.adversarial);
}

/** Whether a GPU is used, as measured, in a sentence or two. */
export function gpuAnswer({ engines, machine }: DoctorReport): string {
  const onGpu = measured(engines).find(({ gpu }) => gpu);
  if (onGpu !== undefined) {
    const speed = `${onGpu.benchmark.gigaflops.adversarial.toFixed(0)} GFLOP/s`;
    return `Yes: steps of the ${onGpu.name} engine ran on ${onGpu.device ?? 'a GPU'}, at ${speed}.`;
  }
  if (engines.some(({ gpu }) => gpu))
    return 'There is a GPU that can be used; it was not measured. Measure again.';
  const driver =
    machine.nvidiaDriver === undefined
      ? 'This machine has no NVIDIA driver.'
      : 'There is an NVIDIA driver, but no engine computes on its GPU.';
  return `No: all measured steps ran on the processor. ${driver}`;
}

/** What each stage takes on an engine: `adversarial step 41 ms (88 GFLOP/s)`. */
export function describeBenchmark({ secondsPerStep, gigaflops, presets }: Benchmark): string[] {
  const stages = (['pixel', 'adversarial'] as const).map(
    (stage) =>
      `${stage} step ${formatShortTime(secondsPerStep[stage])} (${gigaflops[stage].toFixed(0)} GFLOP/s)`,
  );
  const durations = presetNames.map((name) => `${name} ${formatDuration(presets[name])}`);
  return [
    `Measured on the quick preset: ${stages.join(', ')}`,
    `Presets would take about: ${durations.join(', ')} (validation left out)`,
  ];
}

/** `tensorflow 2.21.0, cuda 12.5.1`. */
export function describeVersions(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([what, version]) => `${what} ${version}`)
    .join(', ');
}

/** `GPU:0, 23.4 GB` for each device that has memory of its own. */
export function describeDevices(devices: EngineReport['devices'] = []): string[] {
  return devices
    .filter(({ type }) => type !== 'CPU')
    .map(({ name, memoryBytes }) => `${name.replace(/^.*device:/, '')}, ${formatBytes(memoryBytes)}`);
}

/** The machine in facts: what each is, and its value. */
export function machineFacts({ machine }: DoctorReport): readonly (readonly [string, string])[] {
  const { processor, cores, memoryBytes, system, node, nvidiaDriver } = machine;
  return [
    ['Processor', `${processor}, ${cores} cores`],
    ['Memory', formatBytes(memoryBytes)],
    ['System', system],
    ['Node', node],
    ['NVIDIA driver', nvidiaDriver ?? 'none'],
  ];
}

function describeEngine(report: EngineReport): string[] {
  const { name, usable, reason, advice, device, gpu, versions, benchmark, devices } = report;
  const rows = [
    ...(device === undefined ? [] : [`Computes on: ${device}${gpu ? '' : ' (no GPU is used)'}`]),
    ...describeDevices(devices).map((line) => `Device: ${line}`),
    ...(versions === undefined ? [] : [`Versions: ${describeVersions(versions)}`]),
    ...(report.library === undefined ? [] : [`Library: ${report.library}`]),
    ...(benchmark === undefined ? [] : describeBenchmark(benchmark)),
    ...(advice === undefined ? [] : [`→ ${advice}`]),
  ];
  return [`${usable ? '✓' : '✗'} ${name}: ${reason}`, ...rows.map((row) => `  ${row}`)];
}

/** The whole report as text. */
export function describeDoctor(report: DoctorReport): string {
  const { engines, chosen } = report;
  return [
    ...machineFacts(report).map(([what, value]) => `${what}: ${value}`),
    '',
    ...engines.flatMap(describeEngine),
    '',
    `Is the GPU used? ${gpuAnswer(report)}`,
    `auto takes the ${chosen.engine} engine. ${chosen.reason}`,
  ].join('\n');
}
