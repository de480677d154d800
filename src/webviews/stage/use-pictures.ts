/**
 * The pictures a stage wants, loaded. What is shown always belongs together: a set is swapped in whole when all of it has
 * come, with its own labels; of sets that were asked for in between, none can replace a newer one. A set of which thumbnails
 * are there is shown with those first.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { StagePicture } from './panes';
import { Picture, PictureCache } from './pictures';
import { Thumbnail, type DrawnPictures } from './thumbnail';

export interface LoadedSet {
  pictures: readonly StagePicture[];
  /** By address. */
  loaded: DrawnPictures;
  /** Sentences about the pictures that could not be loaded. */
  problems: readonly string[];
}

/** One cache for all stages of a page. */
const cache = new PictureCache();

/** @param upcoming addresses that are likely to be asked for next */
export function usePictures(
  wanted: readonly StagePicture[],
  upcoming: readonly string[],
): { shown: LoadedSet | null; loading: boolean } {
  const [shown, setShown] = useState<LoadedSet | null>(null);
  const [loading, setLoading] = useState(true);
  const asked = useRef(0);
  const committed = useRef(0);
  const key = wanted
    .map(({ id, label, detail, role, colour, uri, thumbnail, tiles, extent, similarity }) =>
      JSON.stringify([id, label, detail, role, colour, uri, thumbnail?.uri, tiles?.id, extent, similarity]),
    )
    .join('\n\n');

  useEffect(() => {
    const request = ++asked.current;
    setLoading(true);
    const first = thumbnailsOf(wanted);
    if (first) {
      committed.current = request;
      setShown(first);
    }
    void loadPictures(wanted).then((set) => {
      if (request < committed.current) return;
      committed.current = request;
      setShown(set);
      if (request === asked.current) {
        setLoading([...set.loaded.values()].some((each) => each instanceof Thumbnail));
        for (const uri of upcoming) cache.load(uri).catch(() => undefined);
      }
    });
  }, [key]);

  return { shown, loading };
}

/** The set as it is drawn until all of it has come; null if there is no need, or something has no thumbnail. */
function thumbnailsOf(pictures: readonly StagePicture[]): LoadedSet | null {
  const known = pictures.map((picture) => cache.peek(picture.uri));
  if (known.every((picture) => picture !== undefined)) return null;
  const loaded = new Map<string, Picture | Thumbnail>();
  for (const [index, { uri, thumbnail }] of pictures.entries()) {
    const drawn = known[index] ?? thumbnail;
    if (drawn instanceof Picture || drawn instanceof Thumbnail) loaded.set(uri, drawn);
  }
  return pictures.every(({ uri }) => loaded.has(uri)) ? { pictures, loaded, problems: [] } : null;
}

/** Of the pictures and of their maps, each once, but those that stand for an address that is not known yet. */
function addressesOf(pictures: readonly StagePicture[]): string[] {
  const all = pictures.flatMap(({ uri, thumbnail, similarity }) => [
    ...(thumbnail?.uri === uri ? [] : [uri]),
    ...(typeof similarity === 'string' ? [similarity] : []),
  ]);
  return [...new Set(all)];
}

/** Loads pictures through the cache of all stages; those that cannot be loaded are left out, and said. */
export async function loadPictures(pictures: readonly StagePicture[]): Promise<LoadedSet> {
  const loaded = new Map<string, Picture | Thumbnail>();
  for (const { uri, thumbnail } of pictures) {
    if (thumbnail instanceof Thumbnail && thumbnail.uri === uri) loaded.set(uri, thumbnail);
  }
  const problems: string[] = [];
  await Promise.all(
    addressesOf(pictures).map(async (uri) => {
      try {
        loaded.set(uri, await cache.load(uri));
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }),
  );
  return { pictures: pictures.filter(({ uri }) => loaded.has(uri)), loaded, problems };
}
