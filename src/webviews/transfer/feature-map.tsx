/** Where the features put the test images: a point each, which shows its image under the pointer and under the arrow keys. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ProbeResult } from '../../protocol/transfer';
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { chartSvg } from '../chart/chart-svg';
import { palette } from '../kit/theme';
import { imageByKey, MAP_SIDE, mapCurves, mapPoints, mapScene } from './map-scene';
import { Section } from './section';
import { seriesClass } from './series';
import { SheetImage } from './sheet';
import { classOf, labelOf, mapRows, nameOf } from './words';

export function FeatureMap({ now, map }: { now: TransferSnapshot; map: ProbeResult['map'] }) {
  const { data, configuration } = now;
  const points = useMemo(() => mapPoints(map, data), [map, data]);
  const pointed = useSignal<number | null>(null);
  const shown = pointed.value;
  const title = `${configuration.name}: map of features`;
  return (
    <Section
      title="Map of features"
      figure={{
        name: 'feature-map',
        rows: () => mapRows(data, map),
        svg: () => chartSvg(title, mapCurves(points, data), mapScene(points), palette.peek()),
      }}
    >
      <p class="muted">
        The test images of the first seed along the two directions in which the features of the best stage
        vary most (principal components). Point at one to see it, or go from one to the next with the arrow
        keys.
      </p>
      <div class="transfer-map">
        <div
          class="transfer-map-area"
          role="application"
          aria-roledescription="map of features"
          aria-label={`${map.length} test images by their features. Left and right go through them by the first component, up and down by the second.`}
          tabIndex={0}
          onFocus={() => {
            pointed.value ??= points[0]?.image ?? null;
          }}
          onKeyDown={(event) => {
            const image = imageByKey(points, pointed.value, event.key);
            if (image !== undefined) pointed.value = image;
            if (/^(Arrow|Home$|End$)/.test(event.key)) event.preventDefault();
          }}
        >
          <svg viewBox={`0 0 ${MAP_SIDE} ${MAP_SIDE}`} aria-hidden="true">
            {points.map(({ image, label, x, y }) => (
              <circle
                key={image}
                class={`transfer-point ${seriesClass(label)} ${shown === image ? 'is-pointed' : ''}`}
                cx={x}
                cy={y}
                r={shown === image ? 7 : 4}
                onPointerEnter={() => {
                  pointed.value = image;
                }}
              />
            ))}
          </svg>
        </div>
        <div class="transfer-pointed" role="status">
          {shown !== null && (
            <>
              <SheetImage now={now} image={shown} side={128} />
              <span>{classOf(data, labelOf(data, shown))}</span>
              <span class="muted">{nameOf(data, shown)}</span>
            </>
          )}
        </div>
      </div>
      <p class="transfer-legend">
        {data?.classes.map(({ name }, label) => (
          <span key={name} class={seriesClass(label)}>
            <span class="transfer-swatch" aria-hidden="true" /> {name}
          </span>
        ))}
      </p>
    </Section>
  );
}
