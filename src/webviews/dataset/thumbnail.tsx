/** One small picture, drawn when it has come. Scrolled out of sight before that, it asks for nothing any more. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useOnScreen } from '../kit/use-on-screen';
import { THUMBNAIL, ThumbnailLoader } from './thumbnails';

/** One loader for the page. */
const loader = new ThumbnailLoader();

/** A picture that only passes by in a quick scroll is not worth decoding. */
const PATIENCE_MS = 60;

export function Thumbnail({ uri }: { uri: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const onScreen = useOnScreen(canvas);
  useLayoutEffect(() => {
    if (!onScreen) return;
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
  }, [uri, onScreen]);
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
