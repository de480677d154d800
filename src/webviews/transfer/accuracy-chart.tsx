/** Accuracies over a few named places (stages, labels a class, epochs), a line for each series, intervals as bars. */
import { useRef } from 'preact/hooks';
import { useSize } from '../kit/use-size';
import {
  ACCURACY_HEIGHT,
  accuracyScene,
  type AccuracyFigure,
  type AccuracyScene,
  type AccuracySeries,
} from './accuracy-scene';
import { seriesClass } from './series';
import { estimateWords } from './words';

export function AccuracyChart(figure: AccuracyFigure) {
  const { title, axis, places, series } = figure;
  const host = useRef<HTMLDivElement>(null);
  const width = Math.max(260, useSize(host)?.width ?? 600);
  const scene = accuracyScene(figure, width);
  const { area } = scene;
  return (
    <figure class="transfer-chart">
      <div ref={host}>
        <svg
          width={width}
          height={ACCURACY_HEIGHT}
          role="img"
          aria-label={`${title}; the table below has the figures`}
        >
          <g transform={`translate(${area.left} ${area.top})`}>
            {scene.y.map(({ at, label }) => (
              <g key={label}>
                <line class="transfer-grid" x1={0} x2={area.width} y1={at} y2={at} />
                <text class="transfer-tick" x={-8} y={at + 4} text-anchor="end">
                  {label}
                </text>
              </g>
            ))}
            {scene.x.map(({ at, label }) => (
              <text key={label} class="transfer-tick" x={at} y={area.height + 16} text-anchor="middle">
                {label}
              </text>
            ))}
            {scene.baselines.map(({ at, label }) => (
              <g key={label}>
                <line class="transfer-chance" x1={0} x2={area.width} y1={at} y2={at} />
                <text class="transfer-tick" x={area.width - 4} y={at - 4} text-anchor="end">
                  {label}
                </text>
              </g>
            ))}
            <text class="transfer-tick" x={area.width / 2} y={area.height + 38} text-anchor="middle">
              {axis}
            </text>
            {series.map((each, index) => (
              <Line key={each.name} {...each} index={index} places={places} scene={scene} />
            ))}
          </g>
        </svg>
      </div>
      <figcaption class="transfer-legend">
        {series.map(({ name }, index) => (
          <span key={name} class={seriesClass(index)}>
            <span class="transfer-swatch" aria-hidden="true" /> {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface LineProps extends AccuracySeries {
  readonly places: readonly string[];
  /** Among the series. */
  readonly index: number;
  readonly scene: AccuracyScene;
}

function Line({ name, points, index, places, scene }: LineProps) {
  const { yOf } = scene;
  const xOf = (place: number): number => scene.xOf(place, index);
  const measured = points.flatMap((point, place) => (point === null ? [] : [{ point, place }]));
  const path = measured.map(({ point, place }) => `${xOf(place)},${yOf(point.mean)}`).join(' ');
  return (
    <g class={seriesClass(index)}>
      <polyline class="transfer-line" points={path} />
      {measured.map(({ point, place }) => (
        <g key={place}>
          {point.interval !== null && (
            <line
              class="transfer-interval"
              x1={xOf(place)}
              x2={xOf(place)}
              y1={yOf(point.interval[0])}
              y2={yOf(point.interval[1])}
            />
          )}
          <circle class="transfer-point" cx={xOf(place)} cy={yOf(point.mean)} r={3.5}>
            <title>{`${name}, ${places[place]}: ${estimateWords(point)}`}</title>
          </circle>
        </g>
      ))}
    </g>
  );
}
