/** Addresses of an image's pictures, and the pair as the stage shows it. Pure. */
import type { DatasetHeader, DatasetPageImage } from '../../protocol/dataset-page';
import type { StagePicture } from '../stage/panes';

/** Changes with the picture's bytes, so that no cache keeps what was before. */
export function pictureAddress(
  header: Pick<DatasetHeader, 'hr' | 'lr'>,
  { name, version }: Pick<DatasetPageImage, 'name' | 'version'>,
  kind: 'hr' | 'lr',
): string {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return `${header[kind]}${path}.png?v=${version}`;
}

export function pairOf(header: DatasetHeader, image: DatasetPageImage): StagePicture[] {
  const { width, height } = image;
  const lr = `${width / header.scale}×${height / header.scale}`;
  return [
    { id: 'lr', label: `LR ${lr}, enlarged`, role: 'lr', uri: pictureAddress(header, image, 'lr') },
    { id: 'hr', label: `HR ${width}×${height}`, role: 'hr', uri: pictureAddress(header, image, 'hr') },
  ];
}
