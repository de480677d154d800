/** *Compare Images…* and *Compare with HEAD*: pictures from the explorer, the preview or a list, on a page of their own. */
import { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { MOST_IMAGES } from '../../protocol/compare-images-page';
import { requireTrust } from '../errors';
import { findHeadVersion } from '../git/head-version';
import type { Lab } from '../lab';
import { Cancelled } from '../process/command-line';
import { imagesOf, tooMany } from '../prompts/pick-more-images';
import { pickPictures } from '../prompts/pick-pictures';
import { activePicture, browseForPictures, givenPictures, isPicture } from './picture-targets';
import { isCall, parseCall } from './targets';

/** Arguments of the commands, for key bindings and programs. */
const compareArguments = z.strictObject({
  images: z
    .array(z.string().min(1))
    .min(2)
    .max(MOST_IMAGES)
    .describe('Pictures, absolute; the first is the reference.'),
});
const headArguments = z.strictObject({
  image: z.string().min(1).describe('Picture, absolute.'),
});

/** Opens the page, asking for pictures where it was called on fewer than two. Returns them. */
export async function compareImages(lab: Lab, argument: unknown, selection: unknown): Promise<string[]> {
  const paths = isCall(argument)
    ? parseCall(compareArguments, argument).images
    : await picturesOfPerson(argument, selection);
  lab.compareImagesPages.show(imagesOf(paths));
  return paths;
}

/** Opens the page on a picture and its version in git's HEAD, which is the reference. Returns the picture. */
export async function compareWithHead(lab: Lab, argument: unknown): Promise<string> {
  requireTrust('Comparing with git’s HEAD');
  const path = isCall(argument) ? parseCall(headArguments, argument).image : await pictureOfPerson(argument);
  // Where there is nothing to compare with, no page is opened.
  await findHeadVersion(path);
  lab.compareImagesPages.show([
    { path, revision: 'HEAD' },
    { path, revision: 'file' },
  ]);
  return path;
}

async function picturesOfPerson(argument: unknown, selection: unknown): Promise<string[]> {
  const given = givenPictures(argument, selection)?.filter(isPicture) ?? [];
  const active = activePicture();
  const marked = given.length === 0 && active !== undefined ? [active] : given;
  if (marked.length > MOST_IMAGES) throw tooMany(marked.length);
  if (marked.length > 1) return marked.map(({ fsPath }) => fsPath);
  const chosen = await pickPictures({
    title: 'Compare Images',
    placeholder: `Two to six pictures of the same scene${marked.length === 0 ? '' : '; the first is the reference'}`,
    marked,
    near: marked[0]?.fsPath,
  });
  if (chosen.length === 0) throw new Cancelled();
  if (chosen.length === 1) throw new LabError('One picture was chosen. Choose at least two to compare.');
  if (chosen.length > MOST_IMAGES) throw tooMany(chosen.length);
  return chosen.map(({ fsPath }) => fsPath);
}

async function pictureOfPerson(argument: unknown): Promise<string> {
  const [given] = givenPictures(argument, undefined) ?? [];
  const known = given ?? activePicture();
  if (known !== undefined) return known.fsPath;
  const [chosen] = await browseForPictures({
    title: 'Picture to compare with git’s HEAD',
    openLabel: 'Compare',
  });
  return chosen!.fsPath;
}
