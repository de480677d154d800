/** Whether vectors of 256 bits are worth asking V8 for on this machine: nobody would find out alone. */
import type { EngineReport } from '../../protocol/engine-report';
import { defaultEngineSettings, type EngineSettings } from '../../protocol/engine-settings';
import { formatShortTime } from '../../protocol/quantities';
import { tryPairing } from '../engines/wasm/wide-vectors/trial';
import { probeEngine } from './probe';

/** Less than this is within what a short benchmark is wrong by. */
const WORTH_A_WORD = 1.05;

export interface WideningOptions {
  /** Of the benchmark; 0 for none. */
  readonly benchmarkSeconds: number;
  readonly settings?: EngineSettings;
  readonly onProgress?: (message: string) => void;
}

/** The embedded engine's report, with what it would do in wide vectors where they are off and can be had. */
export async function withWideVectors(
  report: EngineReport,
  { benchmarkSeconds, settings = defaultEngineSettings, onProgress }: WideningOptions,
): Promise<EngineReport> {
  if (report.benchmark === undefined || settings.embedded.wideVectors !== false) return report;
  if ((await tryPairing('relaxed')) !== undefined) return report;
  onProgress?.('Trying the embedded engine in vectors of 256 bits');
  const wide = await probeEngine({
    engine: 'embedded',
    benchmarkSeconds,
    settings: { ...settings, embedded: { ...settings.embedded, wideVectors: true } },
  });
  return 'ok' in wide && wide.ok.benchmark !== undefined
    ? adviseWidening({ ...report, wideVectors: wide.ok.benchmark })
    : report;
}

/** Says in a report that wide vectors are faster, if they are. */
export function adviseWidening(report: EngineReport): EngineReport {
  const { benchmark, wideVectors } = report;
  if (benchmark === undefined || wideVectors === undefined) return report;
  const [narrow, wide] = [benchmark, wideVectors].map(({ secondsPerStep }) => secondsPerStep.adversarial);
  if (narrow! < WORTH_A_WORD * wide!) return report;
  return {
    ...report,
    advice:
      `It can compute faster here, with the same results: in vectors of 256 bits, which V8 calls experimental, an adversarial ` +
      `step takes ${formatShortTime(wide!)} instead of ${formatShortTime(narrow!)}. Turn on srganLab.embedded.wideVectors ` +
      '(--wide-vectors on the command line).',
    remedies: ['widen-vectors'],
  };
}
