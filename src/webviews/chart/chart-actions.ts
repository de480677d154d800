/** What can be done with a chart besides looking at it: its data and its picture, copied or saved; its axis. */
import type { MenuItem } from '../kit/menu';
import { palette } from '../kit/theme';
import { updateGroup, type ChartGroup } from './chart-group';
import { toCsv } from './csv';
import { stepWords, type AxisWords, type Curve } from './curve';
import { chartPicture, toBase64 } from './picture';
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
  canvas: () => HTMLCanvasElement | null;
}

export function chartActions(chart: ChartToActOn): MenuItem[] {
  const { id, title, table, curves, group, logarithmic, axis, save } = chart;
  const csv = () =>
    toCsv([
      { name: axis.name, values: table.steps },
      ...(axis === stepWords ? [{ name: 'elapsed seconds', values: table.elapsed }] : []),
      ...curves.map((curve) => ({ name: curve.label, values: table.column(curve.id) })),
    ]);
  const withPicture = async (use: (picture: Promise<Blob>) => Promise<void>) => {
    const canvas = chart.canvas();
    const shown = curves.filter((curve) => !group.state.value.hidden.includes(`${id}/${curve.id}`));
    if (canvas) await use(chartPicture(title, shown, canvas, palette.peek()));
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
  ];
}
