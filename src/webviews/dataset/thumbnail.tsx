/** One small picture, drawn when it has come. Scrolled out of sight before that, it asks for nothing any more. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useOnScreen } from '../kit/use-on-screen';
import { THUMBNAIL, ThumbnailLoader } from './thumbnails';

/** One loader for the page. */
const loader = new ThumbnailLoader();

/** A picture that only passes by in a quick scroll is not worth decoding. */
const PATIENCE_MS = 60;

/** @param lazy whether it waits until it is in sight; a grid draws nothing else */
export function Thumbnail({ uri, lazy = false }: { uri: string; lazy?: boolean }) {
  return lazy ? <LazyThumbnail uri={uri} /> : <Picture uri={uri} />;
}

function LazyThumbnail({ uri }: { uri: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const onScreen = useOnScreen(place);
  return (
    <span ref={place} class="thumbnail">
      {onScreen && <Picture uri={uri} />}
    </span>
  );
}

function Picture({ uri }: { uri: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const draw = (bitmap: ImageBitmap | null) => {
      const element = canvas.current;
      if (!element || !bitmap) return;
      const context = element.getContext('2d')!;
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, element.width, element.height);
    };
    const known = loader.peek(uri);
    if (known) {
      draw(known);
      return;
    }
    let withdraw: (() => void) | undefined;
    const timer = setTimeout(() => {
      withdraw = loader.load(uri, draw);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      withdraw?.();
    };
  }, [uri]);
  return (
    <canvas
      // A canvas keeps what it was drawn on; another picture gets another.
      key={uri}
      ref={canvas}
      class="thumbnail"
      width={2 * THUMBNAIL.width}
      height={2 * THUMBNAIL.height}
      aria-hidden="true"
    />
  );
}
