/**
 * One chart: curves over the steps (or the time) of a run, with a legend that tells the values under the cursor. All charts
 * of a group point at the same place and show the same part. Keys: arrows and pages move the cursor, with Shift they mark a
 * stretch that Enter zooms to; `+` `-` zoom, `0` shows all.
 */
import { useSignalEffect, useSignal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { MenuButton, Menu, type MenuPlace } from '../kit/menu';
import { palette } from '../kit/theme';
import { useInTurn } from '../kit/use-in-turn';
import { useOnScreen } from '../kit/use-on-screen';
import { useSize } from '../kit/use-size';
import { chartActions, type SaveFile } from './chart-actions';
import { ChartSummary } from './chart-summary';
import { updateGroup, type ChartGroup } from './chart-group';
import './chart.css';
import { stepWords, type AxisWords, type Baseline, type Curve, type Mark } from './curve';
import type { Range } from './downsample';
import { chartKey } from './keys';
import { Legend } from './legend';
import { MarkTooltip } from './mark-tooltip';
import { Plot } from './plot';
import type { ChartTable } from './table';
import { usePlotView } from './use-plot-view';

export interface ChartProps {
  /** Names the chart in the page state and in saved files. */
  id: string;
  title: string;
  /** A sentence under the title that has to be read with the curves. */
  note?: string | undefined;
  table: ChartTable;
  /** Changes whenever the table has. */
  revision: number;
  curves: readonly Curve[];
  baselines?: readonly Baseline[];
  marks?: readonly Mark[];
  group: ChartGroup;
  /** Whether y is logarithmic before the person says otherwise. */
  logarithmic?: boolean;
  yRange?: Range;
  /** Whether 0 is always in sight on a linear axis. */
  fromZero?: boolean;
  /** Whether smoothed curves have their raw ones faintly behind them, which hide each other where there are many. */
  rawBehind?: boolean;
  /** What x counts, where that is not the steps of a run. */
  axis?: AxisWords;
  /** Said instead of the curves while there is no row. */
  empty: string;
  save: SaveFile;
}

const HEIGHT = 210;
const NONE: readonly never[] = [];

/** What the chart shows of what it is given: the newest, as soon as it is its turn to be drawn. */
function useShown({ table, revision, curves, marks = NONE, baselines = NONE }: ChartProps) {
  const curveKey = curves.map((curve) => `${curve.id}:${curve.line ?? ''}:${curve.colour}`).join();
  const newest = { table, revision, curves, curveKey, marks, baselines };
  return useInTurn(useMemo(() => newest, [table, revision, curveKey, marks, baselines]));
}

export function Chart(props: ChartProps) {
  const { id, title, group, axis = stepWords } = props;
  const { table, revision, curves, curveKey, marks, baselines } = useShown(props);
  const state = group.state.value;
  const logarithmic = state.logarithmic[id] ?? props.logarithmic ?? false;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const size = useSize(host);
  const onScreen = useInTurn(useOnScreen(host, false));
  const hovered = useSignal(false);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const summaryId = useId();

  const columns = Math.max(1, Math.round((size?.width ?? 1) * devicePixelRatio));
  const { view, smoothed } = usePlotView({
    id,
    table,
    revision,
    curves,
    curveKey,
    baselines,
    marks,
    group,
    columns,
    onScreen,
    rawBehind: props.rawBehind ?? true,
  });

  const filled = useMemo(
    () => curves.some(({ id: column }) => table.column(column).some((value) => !Number.isNaN(value))),
    [table, curveKey, revision],
  );
  // A chart that nobody has scrolled to yet is not made: a page has many, and should be there at once.
  const seen = useRef(false);
  seen.current ||= onScreen;
  const ready = size !== null && size.width > 0 && filled && seen.current;
  useLayoutEffect(() => {
    if (!ready) return;
    const created = new Plot(
      host.current!,
      {
        curves,
        logarithmic,
        xAxis: state.xAxis,
        yRange: logarithmic ? undefined : props.yRange,
        fromZero: props.fromZero ?? false,
        onPoint: (at) => {
          hovered.value = at !== null;
          group.cursor.value = at;
        },
        onZoom: (zoom) => {
          updateGroup(group, { zoom });
        },
      },
      { width: size.width, height: HEIGHT },
      view,
    );
    plot.current = created;
    created.draw(view);
    return () => {
      created.destroy();
      plot.current = null;
    };
  }, [ready, curveKey, logarithmic, state.xAxis]);

  useLayoutEffect(() => {
    plot.current?.draw(view);
  }, [view]);
  useLayoutEffect(() => {
    if (size) plot.current?.resize({ width: size.width, height: HEIGHT });
  }, [size?.width]);
  useEffect(() => palette.subscribe(() => plot.current?.redraw()), []);
  useSignalEffect(() => {
    plot.current?.pointAt(group.cursor.value);
  });
  useSignalEffect(() => {
    const { anchor, end } = group.selection.value ?? { anchor: 0, end: 0 };
    plot.current?.select({ min: Math.min(anchor, end), max: Math.max(anchor, end) });
  });

  const actions = chartActions({
    ...props,
    table,
    curves,
    axis,
    logarithmic,
    plot: () => plot.current,
  });
  return (
    <section class="chart" aria-label={title}>
      <header class="chart-header">
        <h3>{title}</h3>
        <MenuButton label={`${title}: more actions`} items={actions} />
      </header>
      <div
        ref={host}
        class="chart-plot"
        role="group"
        aria-roledescription="chart"
        aria-label={`${title}. Arrow keys move the cursor, with Shift they mark a stretch that Enter zooms to; plus and minus zoom, 0 shows all.`}
        aria-describedby={summaryId}
        tabIndex={0}
        onKeyDown={(event) => {
          const x = state.xAxis === 'step' ? table.steps : table.elapsed;
          if (chartKey(event, group, x, view.range)) event.preventDefault();
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          setMenu({ x: event.clientX, y: event.clientY });
        }}
      >
        {!filled && <p class="chart-empty">{props.empty}</p>}
        <MarkTooltip marks={marks} group={group} hovered={hovered} plot={plot} />
      </div>

      <Legend id={id} curves={curves} table={table} revision={revision} group={group} smoothed={smoothed} />
      {props.note && <p class="chart-note">{props.note}</p>}
      <ChartSummary
        id={summaryId}
        title={title}
        table={table}
        revision={revision}
        curves={curves}
        baselines={baselines}
        axis={axis}
      />
      {menu && (
        <Menu
          label={title}
          items={actions}
          at={menu}
          onClose={() => {
            setMenu(null);
          }}
        />
      )}
    </section>
  );
}
