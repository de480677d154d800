/** Asks which pictures to add to a comparison of pictures. */
import { LabError } from '../../folders/lab-error';
import { MOST_IMAGES, type ComparedImage } from '../../protocol/compare-images-page';
import { pickPictures } from './pick-pictures';

/** Rejects with `Cancelled` if the person thinks better of it, with a `LabError` where they would be too many. */
export async function pickMoreImages(images: readonly ComparedImage[]): Promise<ComparedImage[]> {
  const files = images.filter(({ revision }) => revision === 'file').map(({ path }) => path);
  const left = MOST_IMAGES - images.length;
  const chosen = await pickPictures({
    title: 'Add Images',
    placeholder: `Pictures of the same scene, ${left} at most`,
    marked: [],
    near: files[0],
    except: files,
  });
  if (chosen.length > left) throw tooMany(chosen.length + images.length);
  return imagesOf(chosen.map(({ fsPath }) => fsPath));
}

/** Files as they are. */
export function imagesOf(paths: readonly string[]): ComparedImage[] {
  return paths.map((path) => ({ path, revision: 'file' }));
}

export function tooMany(count: number): LabError {
  return new LabError(`${count} pictures cannot be compared on one page. Choose two to six.`);
}
