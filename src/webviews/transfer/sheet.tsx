/** One test image out of test-images.png. */
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { nameOf } from './words';

/** Side in CSS pixels at which images are shown. */
const SHOWN = 64;

/** Whether the sheet shows the image. */
export function isOnSheet({ data, sheet }: TransferSnapshot, image: number): boolean {
  return sheet !== null && data?.sheet?.images.includes(image) === true;
}

export function SheetImage({
  now,
  image,
  side = SHOWN,
}: {
  now: TransferSnapshot;
  image: number;
  side?: number;
}) {
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
        backgroundSize: `${columns * side}px ${rows * side}px`,
        backgroundPosition: `${-column * side}px ${-row * side}px`,
        width: `${side}px`,
        height: `${side}px`,
      }}
    />
  );
}
