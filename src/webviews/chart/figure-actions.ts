/** What can be done with a figure that is a table and, often, a picture of it: both copied, or saved in the usual formats. */
import { csvTable, markdownTable } from '../../protocol/text-table';
import type { MenuItem } from '../kit/menu';
import type { SaveFile } from './chart-actions';
import { toBase64 } from './picture';

export interface Figure {
  /** Of its files, without their ending. */
  readonly name: string;
  /** Full precision, the header first. */
  readonly rows: () => readonly (readonly string[])[];
  /** As a person would write it in a report, where that is another table. */
  readonly report?: () => readonly (readonly string[])[];
  /** The picture as a whole SVG file. */
  readonly svg?: () => string;
}

export function figureActions({ name, rows, report = rows, svg }: Figure, save: SaveFile): MenuItem[] {
  const csv = (): string => `${csvTable(rows())}\n`;
  const markdown = (): string => `${markdownTable(report())}\n`;
  const attempt = (what: string, action: () => Promise<void>) => () => {
    action().catch((error: unknown) => {
      save.failed(what, error);
    });
  };
  const table: MenuItem[] = [
    {
      label: 'Copy data (CSV)',
      icon: 'clippy',
      run: attempt('copy the data', () => navigator.clipboard.writeText(csv())),
    },
    {
      label: 'Copy table (Markdown)',
      icon: 'clippy',
      run: attempt('copy the table', () => navigator.clipboard.writeText(markdown())),
    },
    {
      label: 'Save data (CSV)…',
      icon: 'save',
      run: () => {
        save.text(`${name}.csv`, csv());
      },
    },
    {
      label: 'Save table (Markdown)…',
      icon: 'save',
      run: () => {
        save.text(`${name}.md`, markdown());
      },
    },
  ];
  if (svg === undefined) return table;
  const picture: MenuItem[] = [
    {
      label: 'Copy picture',
      icon: 'device-camera',
      run: attempt('copy the picture', () =>
        navigator.clipboard.write([new ClipboardItem({ 'image/png': rasterised(svg()) })]),
      ),
    },
    {
      label: 'Save picture (PNG)…',
      icon: 'save',
      run: attempt('save the picture', async () => {
        save.picture(`${name}.png`, await toBase64(await rasterised(svg())));
      }),
    },
    {
      label: 'Save picture (SVG)…',
      icon: 'save',
      run: () => {
        save.text(`${name}.svg`, svg());
      },
    },
  ];
  return [...table, ...picture];
}

/** Pixels of a picture for each of its own units: sharp in print, too. */
const PIXEL_RATIO = 2;

/** An SVG file as a PNG. */
export async function rasterised(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const [width, height] = [image.naturalWidth * PIXEL_RATIO, image.naturalHeight * PIXEL_RATIO];
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.drawImage(image, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/png' });
}
