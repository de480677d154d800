/** Shares, intervals and tables of the transfer page as text. */
import type {
  CurveResult,
  EpochLine,
  Estimate,
  Mistake,
  ProbeResult,
  TransferData,
  TransferMethod,
} from '../../protocol/transfer';

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `87.3 % ± 1.2` */
export function estimateWords({ mean, interval }: Estimate): string {
  return interval === null ? percent(mean) : `${percent(mean)} ± ${(100 * (interval[1] - mean)).toFixed(1)}`;
}

/** What a curve says first: what D comes to where it has all labels. */
export function curveAnswer({ complete, series }: CurveResult, running: boolean): string {
  const state = complete ? '' : running ? 'Measuring …' : 'Not complete.';
  const all = (method: TransferMethod): string[] => {
    const own = series.find((each) => each.method === method);
    const point = own?.points.find(({ labels }) => labels === null);
    return own === undefined || point === undefined
      ? []
      : [`${own.description} ${estimateWords(point.accuracy)}`];
  };
  const figures = [...all('discriminator'), ...all('finetune')].join('; ');
  const answer = figures === '' ? '' : `With all labels: ${figures}.`;
  return [state, answer].filter((part) => part !== '').join(' ');
}

/** `0 (60), 1 (60)`; a class and its number stay on one line. */
export function classCounts({ classes }: TransferData): string {
  return classes.map(({ name, images }) => `${name}\u00a0(${images})`).join(', ');
}

export const labelsWords = (labels: number | null): string => (labels === null ? 'all' : String(labels));

const figure = (value: number): string => value.toFixed(5);
const bounds = ({ mean, interval }: Estimate): string[] => [mean, ...(interval ?? [mean, mean])].map(figure);

type Rows = readonly (readonly string[])[];

export const poolingWords = { grid: '4×4 maxima', average: 'mean' };

export function probeRows({ rows }: ProbeResult): Rows {
  return [
    ['stage', 'pooling', 'features', 'accuracy', 'low', 'high', 'validation'],
    ...rows.map(({ stage, pooling, features, accuracy, validation }) => [
      stage,
      pooling,
      String(features),
      ...bounds(accuracy),
      figure(validation.mean),
    ]),
  ];
}

/** As the page shows it. */
export function probeTable({ rows, best }: ProbeResult): Rows {
  return [
    ['Stage', 'Pooling', 'Features', 'Test', 'Validation'],
    ...rows.map(({ stage, pooling, features, accuracy, validation }, index) => [
      index === best ? `${stage} (best on validation)` : stage,
      poolingWords[pooling],
      String(features),
      estimateWords(accuracy),
      estimateWords(validation),
    ]),
  ];
}

export function curveRows({ series }: CurveResult): Rows {
  return [
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
  ];
}

/** As the page shows it: a column for each number of labels. */
export function curveTable({ series }: CurveResult, counts: readonly (number | null)[]): Rows {
  return [
    ['Labels a class', ...counts.map(labelsWords)],
    ...series.map(({ description, points }) => [
      description,
      ...counts.map((labels) => {
        const point = points.find((each) => each.labels === labels);
        return point === undefined ? '–' : estimateWords(point.accuracy);
      }),
    ]),
  ];
}

export function epochRows(epochs: readonly EpochLine[]): Rows {
  return [
    ['epoch', 'steps', 'frozen', 'loss', 'accuracy', 'validation loss', 'validation accuracy'],
    ...epochs.map(({ epoch, steps, frozen, loss, accuracy, validation }) => [
      String(epoch),
      String(steps),
      String(frozen),
      ...[loss, accuracy, validation.loss, validation.accuracy].map(figure),
    ]),
  ];
}

/** Rows are labels, columns answers. */
export function confusionRows(names: readonly string[], matrix: readonly (readonly number[])[]): Rows {
  return [['label', ...names], ...matrix.map((row, label) => [names[label]!, ...row.map(String)])];
}

export function mistakeRows(data: TransferData | null, mistakes: readonly Mistake[]): Rows {
  return [
    ['image', 'label', 'answer', 'share'],
    ...mistakes.map(({ image, label, prediction, share }) => [
      nameOf(data, image),
      classOf(data, label),
      classOf(data, prediction),
      figure(share),
    ]),
  ];
}

export function mapRows(data: TransferData | null, map: ProbeResult['map']): Rows {
  return [
    ['image', 'class', 'x', 'y'],
    ...map.map(({ image, x, y }) => [
      nameOf(data, image),
      classOf(data, labelOf(data, image)),
      figure(x),
      figure(y),
    ]),
  ];
}

export function nameOf(data: TransferData | null, image: number): string {
  return data?.images[image]?.file ?? `image ${image}`;
}

export function classOf(data: TransferData | null, label: number): string {
  return data?.classes[label]?.name ?? String(label);
}

export function labelOf(data: TransferData | null, image: number): number {
  return data?.images[image]?.label ?? 0;
}
