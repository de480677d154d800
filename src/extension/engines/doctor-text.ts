/** The doctor's report as Markdown, for the page that the editor shows of it. */
import type { Benchmark, DoctorReport, EngineReport } from '../../protocol/engine-report';
import { presetNames } from '../../protocol/presets';
import { formatDuration } from '../../protocol/quantities';

/** Words from outside (versions, paths, messages of libraries) must not become markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~]/g, '\\$&').replace(/\s+/g, ' ');
}

const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;

function benchmarkLines({ secondsPerStep, gigaflops, presets }: Benchmark): string[] {
  return [
    '',
    '| stage | a step of the quick preset | speed |',
    '|---|---:|---:|',
    ...(['pixel', 'adversarial'] as const).map(
      (stage) =>
        `| ${stage} | ${milliseconds(secondsPerStep[stage])} | ${gigaflops[stage].toFixed(0)} GFLOP/s |`,
    ),
    '',
    `Presets would take about: ${presetNames.map((name) => `${name} ${formatDuration(presets[name])}`).join(', ')} (validation left out).`,
  ];
}

function engineLines(report: EngineReport): string[] {
  const { name, usable, reason, advice, device, gpu, versions, benchmark } = report;
  const title = name === 'native' ? 'Native engine' : 'Embedded engine';
  return [
    `## ${title}: ${usable ? 'usable' : 'not usable'}`,
    '',
    plain(reason),
    ...(device === undefined ? [] : ['', `Computes on **${plain(device)}**.`]),
    ...(usable ? ['', gpu ? '**The GPU is used.**' : 'No GPU is used.'] : []),
    ...(versions === undefined
      ? []
      : [
          '',
          Object.entries(versions)
            .map(([what, version]) => `${plain(what)} ${plain(version)}`)
            .join(', '),
        ]),
    ...(benchmark === undefined ? [] : benchmarkLines(benchmark)),
    ...(advice === undefined ? [] : ['', `**Next step:** ${plain(advice)}`]),
    '',
  ];
}

/** The whole report. */
export function doctorText({ machine, engines, chosen }: DoctorReport): string {
  const driver =
    machine.nvidiaDriver === undefined ? 'no NVIDIA driver' : `NVIDIA driver ${machine.nvidiaDriver}`;
  const memory = `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GB`;
  return [
    '# What this machine can train with',
    '',
    `An engine that is left to the lab (\`auto\`) is **${chosen.engine}**. ${plain(chosen.reason)}`,
    '',
    ...engines.flatMap(engineLines),
    '## Machine',
    '',
    plain(
      `${machine.processor}, ${machine.cores} cores, ${memory}; ${machine.system}; Node ${machine.node}; ${driver}`,
    ),
    '',
  ].join('\n');
}
