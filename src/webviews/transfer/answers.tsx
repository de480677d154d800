/** What a classifier confuses, the mistakes it was surest of as pictures, and where its features put the test images. */
import { useSignal } from '@preact/signals';
import type { Mistake, ProbeResult } from '../../protocol/transfer';
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { seriesClass } from './accuracy-chart';
import { classOf, nameOf, SheetImage } from './sheet';
import { percent } from './words';

export function Confusion({
  now,
  matrix,
}: {
  now: TransferSnapshot;
  matrix: readonly (readonly number[])[];
}) {
  const names = matrix.map((_, label) => classOf(now.data, label));
  return (
    <section class="section" aria-label="Confusion matrix">
      <h2>Confusion matrix</h2>
      <div class="transfer-scroll">
        <table class="transfer-confusion">
          <caption class="muted">Rows are labels, columns answers; all seeds together.</caption>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.map((row, label) => {
              const total = row.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={names[label]}>
                  <th scope="row">{names[label]}</th>
                  {row.map((count, answer) => (
                    <td
                      key={answer}
                      class={answer === label ? 'transfer-right' : 'transfer-wrong'}
                      style={{ '--share': total === 0 ? '0' : String(count / total) }}
                    >
                      {count === 0 ? '·' : count}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Mistakes({ now, mistakes }: { now: TransferSnapshot; mistakes: readonly Mistake[] }) {
  return (
    <section class="section" aria-label="Worst mistakes">
      <h2>Worst mistakes</h2>
      {mistakes.length === 0 ? (
        <p class="muted">None: every test image was right.</p>
      ) : (
        <ul class="transfer-mistakes">
          {mistakes.map(({ image, label, prediction, share }) => (
            <li key={image} title={nameOf(now.data, image)}>
              <SheetImage now={now} image={image} />
              <span>
                {classOf(now.data, label)}, taken for {classOf(now.data, prediction)}
              </span>
              <span class="muted">{percent(share)} sure</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const MAP_SIDE = 420;
const PADDING = 12;

export function FeatureMap({ now, map }: { now: TransferSnapshot; map: ProbeResult['map'] }) {
  const pointed = useSignal<number | null>(null);
  const place = (axis: 'x' | 'y'): ((value: number) => number) => {
    const values = map.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value) => PADDING + ((value - low) / (high - low || 1)) * (MAP_SIDE - 2 * PADDING);
  };
  const [x, y] = [place('x'), place('y')];
  const labelOf = (image: number): number => now.data?.images[image]?.label ?? 0;
  const shown = pointed.value;
  return (
    <section class="section" aria-label="Map of features">
      <h2>Map of features</h2>
      <p class="muted">
        The test images of the first seed along the two directions in which the features of the best stage
        vary most (principal components). Point at one to see it.
      </p>
      <div class="transfer-map">
        <svg
          viewBox={`0 0 ${MAP_SIDE} ${MAP_SIDE}`}
          role="img"
          aria-label={`${map.length} test images by their features`}
        >
          {map.map((point) => (
            <circle
              key={point.image}
              class={`transfer-point ${seriesClass(labelOf(point.image))}`}
              cx={x(point.x)}
              cy={y(point.y)}
              r={shown === point.image ? 7 : 4}
              onPointerEnter={() => {
                pointed.value = point.image;
              }}
            >
              <title>{`${nameOf(now.data, point.image)}: ${classOf(now.data, labelOf(point.image))}`}</title>
            </circle>
          ))}
        </svg>
        <div class="transfer-pointed">
          {shown !== null && (
            <>
              <SheetImage now={now} image={shown} />
              <span>{classOf(now.data, labelOf(shown))}</span>
              <span class="muted">{nameOf(now.data, shown)}</span>
            </>
          )}
        </div>
      </div>
      <p class="transfer-legend">
        {now.data?.classes.map(({ name }, label) => (
          <span key={name} class={seriesClass(label)}>
            <span class="transfer-swatch" aria-hidden="true" /> {name}
          </span>
        ))}
      </p>
    </section>
  );
}
