/** One test image out of test-images.png. */
import type { TransferData } from '../../protocol/transfer';
import type { TransferSnapshot } from '../../protocol/transfer-page';

/** Side in CSS pixels at which images are shown. */
const SHOWN = 64;

/** Whether the sheet shows the image. */
export function isOnSheet({ data, sheet }: TransferSnapshot, image: number): boolean {
  return sheet !== null && data?.sheet?.images.includes(image) === true;
}

export function SheetImage({ now, image }: { now: TransferSnapshot; image: number }) {
  const { data, sheet } = now;
  if (data?.sheet === undefined || sheet === null || !isOnSheet(now, image)) return null;
  const { columns, images } = data.sheet;
  const index = images.indexOf(image);
  const rows = Math.ceil(images.length / columns);
  const [column, row] = [index % columns, Math.floor(index / columns)];
  return (
    <span
      class="transfer-image"
      role="img"
      aria-label={nameOf(data, image)}
      style={{
        backgroundImage: `url("${sheet}")`,
        backgroundSize: `${columns * SHOWN}px ${rows * SHOWN}px`,
        backgroundPosition: `${-column * SHOWN}px ${-row * SHOWN}px`,
        width: `${SHOWN}px`,
        height: `${SHOWN}px`,
      }}
    />
  );
}

export function nameOf(data: TransferData | null, image: number): string {
  return data?.images[image]?.file ?? `image ${image}`;
}

export function classOf(data: TransferData | null, label: number): string {
  return data?.classes[label]?.name ?? String(label);
}
