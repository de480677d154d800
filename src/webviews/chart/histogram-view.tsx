/**
 * A histogram whose bins are chosen with the pointer or with Shift and the arrow keys: what is chosen is a range that
 * others filter by. Behind, faint, all values; in front those that pass every filter.
 */
import { useId, useMemo, useRef, useState } from 'preact/hooks';
import { count } from '../kit/format';
import { useOnScreen } from '../kit/use-on-screen';
import './histogram.css';
import { binsOf, countIn, histogramInWords, rangeOf, type BinRange, type Bins } from './histogram';

export interface HistogramProps {
  title: string;
  unit: string;
  hint?: string;
  /** NaN is no value. */
  values: Float64Array;
  /** Those that are in front. */
  shown: Uint32Array;
  range: BinRange | null;
  onRange: (range: BinRange | null) => void;
  format: (value: number) => string;
  /** Said where there is no value. */
  empty: string;
}

const BINS = 40;
const HEIGHT = 100;

export function Histogram(props: HistogramProps) {
  const { title, unit, hint, values, shown, range, format } = props;
  const bins = useMemo(() => binsOf(values, BINS), [values]);
  return (
    <section class="histogram" aria-label={title}>
      <header class="histogram-header">
        <h3 title={hint}>
          {title} <span class="muted histogram-unit">{unit}</span>
        </h3>
        {range && (
          <button
            type="button"
            class="link"
            onClick={() => {
              props.onRange(null);
            }}
          >
            {format(range.min)} – {format(range.max)}: all again
          </button>
        )}
      </header>
      {bins ? (
        <Bars {...props} bins={bins} shown={shown} />
      ) : (
        <p class="histogram-empty muted">{props.empty}</p>
      )}
    </section>
  );
}

function Bars(props: HistogramProps & { bins: Bins }) {
  const { title, values, shown, range, bins, format, onRange } = props;
  const all = useMemo(() => countIn(bins, values), [bins, values]);
  const area = useRef<HTMLDivElement>(null);
  const onScreen = useOnScreen(area);
  // Out of sight it keeps what it had: every letter of a search would count all values again.
  const latest = useRef(shown);
  const counted = useRef(values);
  if (onScreen || counted.current !== values) latest.current = shown;
  counted.current = values;
  const inFront = latest.current;
  const front = useMemo(() => countIn(bins, values, inFront), [bins, values, inFront]);
  /** The bin that a choice began at, and where it is now. */
  const [choice, setChoice] = useState<{ from: number; to: number } | null>(null);
  const dragging = useRef(false);
  const summaryId = useId();
  const highest = Math.max(1, ...all);

  const choose = (from: number, to: number) => {
    setChoice({ from, to });
    onRange(rangeOf(bins, from, to));
  };
  const binAt = (event: PointerEvent): number => {
    const box = area.current!.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * bins.count);
    return Math.max(0, Math.min(bins.count - 1, at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const now = choice ?? { from: -1, to: -1 };
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') {
      setChoice(null);
      onRange(null);
    } else if (step !== undefined) {
      const to = Math.max(0, Math.min(bins.count - 1, now.to + step));
      choose(event.shiftKey && now.from !== -1 ? now.from : to, to);
    } else return;
    event.preventDefault();
  };
  const inRange = (bin: number): boolean => {
    if (!range) return false;
    const own = rangeOf(bins, bin, bin);
    return (own.min + own.max) / 2 >= range.min && (own.min + own.max) / 2 <= range.max;
  };

  return (
    <>
      <div
        ref={area}
        class="histogram-area"
        role="group"
        aria-roledescription="histogram"
        aria-label={`${title}. Arrow keys choose a bin, with Shift several, Escape all.`}
        aria-describedby={summaryId}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragging.current = true;
          const bin = binAt(event);
          choose(bin, bin);
        }}
        onPointerMove={(event) => {
          if (dragging.current && choice && binAt(event) !== choice.to) choose(choice.from, binAt(event));
        }}
        onPointerUp={() => {
          dragging.current = false;
        }}
        onDblClick={() => {
          setChoice(null);
          onRange(null);
        }}
      >
        <svg viewBox={`0 0 ${bins.count} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {[...all].map((number, bin) => (
            <g key={bin}>
              {inRange(bin) && <rect class="histogram-chosen" x={bin} y={0} width={1} height={HEIGHT} />}
              <Bar class="histogram-all" bin={bin} share={number / highest} />
              <Bar class="histogram-shown" bin={bin} share={(front[bin] ?? 0) / highest} />
              <rect class="histogram-target" x={bin} y={0} width={1} height={HEIGHT}>
                <title>{binWords(bins, bin, number, front[bin] ?? 0, format)}</title>
              </rect>
            </g>
          ))}
        </svg>
      </div>
      <p class="histogram-axis muted" aria-hidden="true">
        <span>{format(bins.min)}</span>
        {bins.count > 1 && <span>{format((bins.min + bins.max) / 2)}</span>}
        {bins.count > 1 && <span>{format(bins.max)}</span>}
      </p>
      <p id={summaryId} class="visually-hidden">
        {histogramInWords(title, bins, all, format)}
      </p>
    </>
  );
}

/** Something is drawn for a single value, too, however many others there are. */
function Bar({ bin, share, class: name }: { bin: number; share: number; class: string }) {
  const height = share === 0 ? 0 : Math.max(1.5, share * HEIGHT);
  return <rect class={name} x={bin + 0.06} y={HEIGHT - height} width={0.88} height={height} />;
}

function binWords(
  bins: Bins,
  bin: number,
  all: number,
  shown: number,
  format: (value: number) => string,
): string {
  const { min, max } = rangeOf(bins, bin, bin);
  const some = shown === all ? '' : `, ${count(shown)} of them shown`;
  return `${format(min)} to ${format(max)}: ${count(all)} images${some}`;
}
