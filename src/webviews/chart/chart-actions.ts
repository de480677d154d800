/** What can be done with a chart besides looking at it: its data and its picture, copied or saved; its axis. */
import type { MenuItem } from '../kit/menu';
import { palette } from '../kit/theme';
import { updateGroup, type ChartGroup } from './chart-group';
import { chartSvg } from './chart-svg';
import { toCsv } from './csv';
import { csvColumns } from './csv-columns';
import type { AxisWords, Curve } from './curve';
import { chartPicture, toBase64 } from './picture';
import type { Plot } from './plot';
import type { ChartTable } from './table';

/** Hands a file to the host, which asks where to put it. Errors are told by whoever gives these functions. */
export interface SaveFile {
  text: (name: string, text: string) => void;
  picture: (name: string, base64: string) => void;
  failed: (what: string, error: unknown) => void;
}

interface ChartToActOn {
  id: string;
  title: string;
  table: ChartTable;
  curves: readonly Curve[];
  group: ChartGroup;
  logarithmic: boolean;
  axis: AxisWords;
  save: SaveFile;
  plot: () => Plot | null;
}

export function chartActions(chart: ChartToActOn): MenuItem[] {
  const { id, title, table, curves, group, logarithmic, axis, save } = chart;
  const csv = () => toCsv(csvColumns(table, curves, axis));
  const shown = () => curves.filter((curve) => !group.state.value.hidden.includes(`${id}/${curve.id}`));
  const withPicture = async (use: (picture: Promise<Blob>) => Promise<void>) => {
    const plot = chart.plot();
    if (plot) await use(chartPicture(title, shown(), plot.canvas, palette.peek()));
  };
  const attempt = (what: string, action: () => Promise<void>) => () => {
    action().catch((error: unknown) => {
      save.failed(what, error);
    });
  };

  return [
    {
      label: 'Logarithmic axis',
      checked: logarithmic,
      run: () => {
        const { logarithmic: all } = group.state.value;
        updateGroup(group, { logarithmic: { ...all, [id]: !logarithmic } });
      },
    },
    {
      label: `Show all ${axis.plural}`,
      icon: 'screen-full',
      run: () => {
        updateGroup(group, { zoom: null });
      },
    },
    {
      label: 'Copy data (CSV)',
      icon: 'clippy',
      run: attempt('copy the data', () => navigator.clipboard.writeText(csv())),
    },
    {
      label: 'Save data (CSV)…',
      icon: 'save',
      run: () => {
        save.text(`${id}.csv`, csv());
      },
    },
    {
      label: 'Copy picture',
      icon: 'device-camera',
      run: attempt('copy the picture', () =>
        withPicture((picture) => navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })])),
      ),
    },
    {
      label: 'Save picture (PNG)…',
      icon: 'save',
      run: attempt('save the picture', () =>
        withPicture(async (picture) => {
          save.picture(`${id}.png`, await toBase64(await picture));
        }),
      ),
    },
    {
      label: 'Save picture (SVG)…',
      icon: 'save',
      run: () => {
        const plot = chart.plot();
        if (plot) save.text(`${id}.svg`, chartSvg(title, shown(), plot.scene(), palette.peek()));
      },
    },
  ];
}
