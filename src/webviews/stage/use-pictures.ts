/**
 * The pictures a stage wants, loaded. What is shown always belongs together: a set is swapped in whole when all of it has
 * come, with its own labels; of sets that were asked for in between, none can replace a newer one.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { StagePicture } from './panes';
import { PictureCache, type Picture } from './pictures';

export interface LoadedSet {
  pictures: readonly StagePicture[];
  /** By address. */
  loaded: ReadonlyMap<string, Picture>;
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
    .map(({ id, label, detail, role, colour, uri, tiles, extent, similarity }) =>
      JSON.stringify([id, label, detail, role, colour, uri, tiles?.id, extent, similarity]),
    )
    .join('\n\n');

  useEffect(() => {
    const request = ++asked.current;
    setLoading(true);
    void loadPictures(wanted).then((set) => {
      if (request < committed.current) return;
      committed.current = request;
      setShown(set);
      if (request === asked.current) {
        setLoading(false);
        for (const uri of upcoming) cache.load(uri).catch(() => undefined);
      }
    });
  }, [key]);

  return { shown, loading };
}

/** Of the pictures and of their maps, each once. */
function addressesOf(pictures: readonly StagePicture[]): string[] {
  const all = pictures.flatMap(({ uri, similarity }) => [uri, similarity ?? uri]);
  return [...new Set(all)];
}

/** Loads pictures through the cache of all stages; those that cannot be loaded are left out, and said. */
export async function loadPictures(pictures: readonly StagePicture[]): Promise<LoadedSet> {
  const loaded = new Map<string, Picture>();
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
