/** Accuracies over a few named places (stages, labels a class), a line for each series, intervals as bars. */
import { useRef } from 'preact/hooks';
import type { Estimate } from '../../protocol/transfer';
import { useSize } from '../kit/use-size';
import { estimateWords, percent } from './words';

export interface AccuracySeries {
  readonly name: string;
  /** One for each place; null where nothing was measured. */
  readonly points: readonly (Estimate | null)[];
}

export interface AccuracyChartProps {
  readonly title: string;
  /** What the places are, under the axis. */
  readonly axis: string;
  readonly places: readonly string[];
  readonly series: readonly AccuracySeries[];
  /** Accuracy of whoever always answers the commonest class. */
  readonly chance: number;
}

const HEIGHT = 280;
const MARGIN = { left: 52, right: 40, top: 12, bottom: 44 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Hues of roles.css. */
const HUES = 10;

export const seriesClass = (index: number): string => `transfer-hue-${(index % HUES) + 1}`;

export function AccuracyChart({ title, axis, places, series, chance }: AccuracyChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = Math.max(260, useSize(host)?.width ?? 600);
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const x = (place: number): number =>
    MARGIN.left + (places.length < 2 ? 0.5 : place / (places.length - 1)) * inner.width;
  const y = (accuracy: number): number =>
    MARGIN.top + (1 - Math.min(1, Math.max(0, accuracy))) * inner.height;
  return (
    <figure class="transfer-chart">
      <div ref={host}>
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${title}; the table below has the figures`}
        >
          {TICKS.map((tick) => (
            <g key={tick}>
              <line
                class="transfer-grid"
                x1={MARGIN.left}
                x2={width - MARGIN.right}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text class="transfer-tick" x={MARGIN.left - 8} y={y(tick) + 4} text-anchor="end">
                {100 * tick} %
              </text>
            </g>
          ))}
          <line
            class="transfer-chance"
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(chance)}
            y2={y(chance)}
          />
          <text class="transfer-tick" x={width - MARGIN.right} y={y(chance) - 4} text-anchor="end">
            commonest class
          </text>
          {places.map((place, index) => (
            <text
              key={place}
              class="transfer-tick"
              x={x(index)}
              y={HEIGHT - MARGIN.bottom + 16}
              text-anchor="middle"
            >
              {place}
            </text>
          ))}
          <text class="transfer-tick" x={MARGIN.left + inner.width / 2} y={HEIGHT - 6} text-anchor="middle">
            {axis}
          </text>
          {series.map(({ name, points }, index) => (
            <Line
              key={name}
              name={name}
              points={points}
              places={places}
              class={seriesClass(index)}
              x={x}
              y={y}
            />
          ))}
        </svg>
      </div>
      <figcaption class="transfer-legend">
        {series.map(({ name }, index) => (
          <span key={name} class={seriesClass(index)}>
            <span class="transfer-swatch" aria-hidden="true" /> {name}
          </span>
        ))}
        <span class="muted">dashed: {percent(chance)}, the commonest class</span>
      </figcaption>
    </figure>
  );
}

interface LineProps {
  readonly name: string;
  readonly points: AccuracySeries['points'];
  readonly places: readonly string[];
  readonly class: string;
  readonly x: (place: number) => number;
  readonly y: (accuracy: number) => number;
}

function Line({ name, points, places, x, y, ...rest }: LineProps) {
  const measured = points.flatMap((point, place) => (point === null ? [] : [{ point, place }]));
  const path = measured.map(({ point, place }) => `${x(place)},${y(point.mean)}`).join(' ');
  return (
    <g class={rest.class}>
      <polyline class="transfer-line" points={path} />
      {measured.map(({ point, place }) => (
        <g key={place}>
          {point.interval !== null && (
            <line
              class="transfer-interval"
              x1={x(place)}
              x2={x(place)}
              y1={y(point.interval[0])}
              y2={y(point.interval[1])}
            />
          )}
          <circle class="transfer-point" cx={x(place)} cy={y(point.mean)} r={3.5}>
            <title>{`${name}, ${places[place]}: ${estimateWords(point)}`}</title>
          </circle>
        </g>
      ))}
    </g>
  );
}
