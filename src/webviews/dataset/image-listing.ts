/**
 * The images of a data set as they come in portions. The first reading is shown while it comes, at sizes that double, so
 * that sorting it over and over costs no more than sorting it twice; a later reading replaces it when it is complete.
 */
import type { DatasetPageImage, DatasetPageOmission, DatasetPortion } from '../../protocol/dataset-page';

export interface Listing {
  images: readonly DatasetPageImage[];
  omitted: readonly DatasetPageOmission[];
  /** False until all of it has come once. */
  complete: boolean;
}

export const emptyListing: Listing = { images: [], omitted: [], complete: false };

export class ImageListing {
  private reading = -1;
  private images: DatasetPageImage[] = [];
  private omitted: DatasetPageOmission[] = [];
  private shown: Listing = emptyListing;

  /** @param onChange called with each new state that is worth showing */
  constructor(private readonly onChange: (listing: Listing) => void) {}

  add({ reading, images, omitted }: DatasetPortion): void {
    if (reading < this.reading) return;
    this.begin(reading);
    for (const image of images) this.images.push(image);
    for (const omission of omitted) this.omitted.push(omission);
    if (!this.shown.complete && this.images.length >= 2 * this.shown.images.length) this.show(false);
  }

  complete(reading: number): void {
    if (reading < this.reading) return;
    this.begin(reading);
    this.show(true);
  }

  private begin(reading: number): void {
    if (reading === this.reading) return;
    this.reading = reading;
    this.images = [];
    this.omitted = [];
  }

  private show(complete: boolean): void {
    this.shown = { images: [...this.images], omitted: [...this.omitted], complete };
    this.onChange(this.shown);
  }
}
