/** The chart in words, for those who hear it; made anew every few seconds at most, as it reads every value. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AxisWords, Baseline, Curve } from './curve';
import { summarise } from './summary';
import type { ChartTable } from './table';

const PAUSE_MS = 3000;

interface ChartSummaryProps {
  id: string;
  title: string;
  table: ChartTable;
  revision: number;
  curves: readonly Curve[];
  baselines: readonly Baseline[];
  axis: AxisWords;
}

export function ChartSummary(props: ChartSummaryProps) {
  const [text, setText] = useState('');
  const current = useRef(props);
  current.current = props;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    timer.current ??= setTimeout(
      () => {
        timer.current = null;
        const { title, table, curves, baselines, axis } = current.current;
        const read = curves.map((curve) => ({ ...curve, values: table.column(curve.id) }));
        setText(summarise(title, table.steps, read, baselines, axis));
      },
      text === '' ? 0 : PAUSE_MS,
    );
  }, [props.revision, props.table]);
  useEffect(
    () => () => {
      clearTimeout(timer.current ?? undefined);
    },
    [],
  );

  return (
    <p id={props.id} class="visually-hidden">
      {text}
    </p>
  );
}
