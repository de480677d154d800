/**
 * What papers report on the classic benchmarks, ×4 bicubic LR: facts to stand beside one's own figures, each under the
 * protocol that it was measured with. Figures of different protocols are never put into one table.
 */

export const benchmarkNames = ['Set5', 'Set14', 'BSD100'] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

export interface PublishedScore {
  readonly method: string;
  /** dB. */
  readonly psnr: number;
  readonly ssim: number;
  readonly source: string;
}

type Row = readonly [
  method: string,
  set5: readonly [number, number],
  set14: readonly [number, number],
  bsd100: readonly [number, number],
];

const LEDIG = 'Ledig et al. 2017, table 2';
const LIM = 'Lim et al. 2017, table 2';

/** SSIM as Daala's tool computes it. */
const srganRows: readonly Row[] = [
  ['nearest', [26.26, 0.7552], [24.64, 0.71], [25.02, 0.6606]],
  ['bicubic', [28.43, 0.8211], [25.99, 0.7486], [25.94, 0.6935]],
  ['SRCNN', [30.07, 0.8627], [27.18, 0.7861], [26.68, 0.7291]],
  ['SelfExSR', [30.33, 0.872], [27.45, 0.7972], [26.83, 0.7387]],
  ['DRCN', [31.52, 0.8938], [28.02, 0.8074], [27.21, 0.7493]],
  ['ESPCN', [30.76, 0.8784], [27.66, 0.8004], [27.02, 0.7442]],
  ['SRResNet', [32.05, 0.9019], [28.49, 0.8184], [27.58, 0.762]],
  ['SRGAN', [29.4, 0.8472], [26.02, 0.7397], [25.16, 0.6688]],
];

/** SSIM of Wang et al. 2004. */
const lumaRows: readonly Row[] = [
  ['bicubic', [28.42, 0.8104], [26.0, 0.7027], [25.96, 0.6675]],
  ['A+', [30.28, 0.8603], [27.32, 0.7491], [26.82, 0.7087]],
  ['SRCNN', [30.48, 0.8628], [27.5, 0.7513], [26.9, 0.7101]],
  ['VDSR', [31.35, 0.8838], [28.01, 0.7674], [27.29, 0.7251]],
  ['SRResNet', [32.05, 0.891], [28.53, 0.7804], [27.57, 0.7354]],
  ['EDSR', [32.46, 0.8968], [28.8, 0.7876], [27.71, 0.742]],
];

const tables = {
  srgan: { rows: srganRows, source: LEDIG },
  y: { rows: lumaRows, source: LIM },
  srcnn: { rows: lumaRows, source: LIM },
} as const;

/** Published figures of a benchmark under a protocol, in the order of the papers; none where there are none. */
export function publishedScores(benchmark: BenchmarkName, protocol: string, scale: number): PublishedScore[] {
  if (scale !== 4 || !Object.hasOwn(tables, protocol)) return [];
  const { rows, source } = tables[protocol as keyof typeof tables];
  const column = benchmarkNames.indexOf(benchmark);
  return rows.map(([method, ...figures]) => {
    const [psnr, ssim] = figures[column]!;
    return { method, psnr, ssim, source };
  });
}

const set5 = ['baby', 'bird', 'butterfly', 'head', 'woman'];
const set14 =
  'baboon barbara bridge coastguard comic face flowers foreman lenna man monarch pepper ppt3 zebra'.split(
    ' ',
  );

/** Names as a widespread copy of all three has them. */
const numbered = /^img_\d{3}_srf_\d_hr$/;
const counts: Readonly<Record<number, BenchmarkName>> = { 5: 'Set5', 14: 'Set14', 100: 'BSD100' };

/**
 * Which benchmark the images of these names are; null where that is not sure. People rename the files in few ways: with
 * an ending such as `_HR` or `x4`, another spelling of one, or numbers.
 */
export function recogniseBenchmark(names: readonly string[]): BenchmarkName | null {
  const lower = names.map((name) => name.toLowerCase());
  if (lower.every((name) => numbered.test(name))) return counts[lower.length] ?? null;
  const plain = lower.map((name) =>
    name
      .replace(/_?(gt|hr|x\d)$/, '')
      .replace(/^lena$/, 'lenna')
      .replace(/^peppers$/, 'pepper'),
  );
  const are = (expected: readonly string[]): boolean =>
    plain.length === expected.length && expected.every((name) => plain.includes(name));
  if (are(set5)) return 'Set5';
  if (are(set14)) return 'Set14';
  return plain.length === 100 && plain.every((name) => /^\d{4,6}$/.test(name)) ? 'BSD100' : null;
}
