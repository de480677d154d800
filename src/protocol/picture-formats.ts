/** File formats that the lab writes pictures in. */
export const pictureFormats = ['png', 'jpeg', 'webp', 'tiff', 'avif'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** What names of files end with. */
export const pictureEndings: Readonly<Record<PictureFormat, string>> = {
  png: '.png',
  jpeg: '.jpg',
  webp: '.webp',
  tiff: '.tif',
  avif: '.avif',
};
