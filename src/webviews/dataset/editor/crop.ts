/** Which part of an image the preview shows. Pure. */
import type { DatasetPageImage, PreviewCrop } from '../../../protocol/dataset-page';

/** A square about the middle of what the stage shows, within the image. */
export function cropAbout(
  { width, height }: Pick<DatasetPageImage, 'width' | 'height'>,
  view: { x: number; y: number } | null,
  side: number,
): PreviewCrop {
  const [w, h] = [Math.min(side, width), Math.min(side, height)];
  const centre = view ?? { x: width / 2, y: height / 2 };
  const start = (at: number, length: number, whole: number) =>
    Math.max(0, Math.min(whole - length, Math.round(at - length / 2)));
  return { left: start(centre.x, w, width), top: start(centre.y, h, height), width: w, height: h };
}
