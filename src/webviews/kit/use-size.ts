/** The size of an element as it changes: in CSS pixels, and in device pixels exactly as the compositor will use them. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Size {
  width: number;
  height: number;
}

export interface ElementSize extends Size {
  device: Size;
}

export function useSize(element: RefObject<HTMLElement | null>): ElementSize | null {
  const [size, setSize] = useState<ElementSize | null>(null);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const css = entry.contentBoxSize[0]!;
      const device = entry.devicePixelContentBoxSize[0]!;
      setSize({
        width: css.inlineSize,
        height: css.blockSize,
        device: { width: device.inlineSize, height: device.blockSize },
      });
    });
    observer.observe(element.current!, { box: 'device-pixel-content-box' });
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}
