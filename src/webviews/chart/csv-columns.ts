/** What of a chart's table is written as CSV. */
import type { CsvColumn } from './csv';
import { stepWords, type AxisWords, type Curve } from './curve';
import type { ChartTable } from './table';

/** Rows as they are; those of several steps say of how many, and have the lowest and the highest value besides the mean. */
export function csvColumns(table: ChartTable, curves: readonly Curve[], axis: AxisWords): CsvColumn[] {
  const counts = table.counts?.();
  return [
    { name: axis.name, values: table.steps },
    ...(counts ? [{ name: `${axis.plural} in the row`, values: counts }] : []),
    ...(axis === stepWords ? [{ name: 'elapsed seconds', values: table.elapsed }] : []),
    ...curves.flatMap(({ id, label }) => {
      const range = counts && table.range?.(id);
      const mean = { name: label, values: table.column(id) };
      if (!range) return [mean];
      return [
        mean,
        { name: `${label}, lowest`, values: range.low },
        { name: `${label}, highest`, values: range.high },
      ];
    }),
    ...curves.flatMap(({ label, deviation }) =>
      deviation === undefined
        ? []
        : [{ name: `${label}, standard deviation`, values: table.column(deviation) }],
    ),
  ];
}
