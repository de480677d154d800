/** Shares, intervals and tables of the transfer page as text. */
import { csvTable } from '../../protocol/text-table';
import type { CurveResult, Estimate, ProbeResult } from '../../protocol/transfer';

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `87.3 % ± 1.2` */
export function estimateWords({ mean, interval }: Estimate): string {
  return interval === null ? percent(mean) : `${percent(mean)} ± ${(100 * (interval[1] - mean)).toFixed(1)}`;
}

export const labelsWords = (labels: number | null): string => (labels === null ? 'all' : String(labels));

const bounds = ({ mean, interval }: Estimate): string[] =>
  [mean, ...(interval ?? [mean, mean])].map((value) => value.toFixed(5));

export function probeCsv({ rows }: ProbeResult): string {
  return csvTable([
    ['stage', 'pooling', 'features', 'accuracy', 'low', 'high', 'validation'],
    ...rows.map(({ stage, pooling, features, accuracy, validation }) => [
      stage,
      pooling,
      String(features),
      ...bounds(accuracy),
      validation.mean.toFixed(5),
    ]),
  ]);
}

export function curveCsv({ series }: CurveResult): string {
  return csvTable([
    ['method', 'labels', 'images', 'accuracy', 'low', 'high', 'seeds'],
    ...series.flatMap(({ description, points }) =>
      points.map(({ labels, images, accuracy, seeds }) => [
        description,
        labelsWords(labels),
        String(images),
        ...bounds(accuracy),
        String(seeds.length),
      ]),
    ),
  ]);
}
