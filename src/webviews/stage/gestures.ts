/** What a pointer does on the stage: the wheel zooms where it is, dragging pans, a double click is fit or 1:1. */
import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Cell } from '../kit/cell';
import type { StageState } from './stage-state';
import { rectangleBetween } from './crops';
import {
  panBy,
  place,
  toggleFit,
  toScene,
  zoomAt,
  type Extent,
  type Point,
  type Rectangle,
} from './viewport';

interface GestureTarget {
  canvas: RefObject<HTMLCanvasElement | null>;
  scene: Extent;
  pane: Extent;
  rectangles: readonly Rectangle[];
  ratio: number;
  state: Cell<StageState>;
  pointer: Signal<Point | null>;
  /** The crop that is being marked: while there is one, dragging marks instead of panning. */
  marked: Signal<Rectangle | null>;
}

const WHEEL_SPEED = 0.002;
/** A page that is being scrolled goes on scrolling when the stage comes under the pointer. */
const SCROLL_PAUSE_MS = 300;

export function useGestures(target: GestureTarget) {
  // Handlers outlive a render; they read what is current.
  const current = useRef(target);
  current.current = target;
  const dragged = useRef<{ id: number; x: number; y: number; from: Point | null } | null>(null);

  const update = (change: Partial<StageState>) => {
    const { state } = current.current;
    state.set({ ...state.value, ...change });
  };

  /** Device pixels within whichever pane is under the pointer. */
  const inPane = (event: { clientX: number; clientY: number }): Point | null => {
    const { canvas, rectangles, ratio } = current.current;
    const box = canvas.current!.getBoundingClientRect();
    const x = (event.clientX - box.left) * ratio;
    const y = (event.clientY - box.top) * ratio;
    const over = rectangles.find(
      ({ left, top, width, height }) => x >= left && y >= top && x < left + width && y < top + height,
    );
    return over ? { x: x - over.left, y: y - over.top } : null;
  };

  /** The scene point under the pointer. */
  const inScene = (point: Point): Point => {
    const { state, scene, pane } = current.current;
    return toScene(place(state.value.view, scene, pane), point);
  };

  useEffect(() => {
    const element = current.current.canvas.current!.parentElement!;
    // Not as a property: Preact's wheel listeners would be passive, and the page would scroll as well.
    let scrolled = -SCROLL_PAUSE_MS;
    const onScroll = (event: Event) => {
      scrolled = event.timeStamp;
    };
    const onWheel = (event: WheelEvent) => {
      const { state, scene, pane } = current.current;
      const point = inPane(event);
      if (!point || (!event.ctrlKey && event.timeStamp - scrolled < SCROLL_PAUSE_MS)) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      const factor = Math.exp(-event.deltaY * lines * WHEEL_SPEED * (event.ctrlKey ? 4 : 1));
      update({ view: zoomAt(state.value.view, scene, pane, point, factor) });
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      window.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, []);

  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const point = inPane(event);
      dragged.current = {
        id: event.pointerId,
        x: event.clientX,
        y: event.clientY,
        from: point && inScene(point),
      };
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const { state, scene, pane, ratio, pointer, marked } = current.current;
      const point = inPane(event);
      pointer.value = point;
      const from = dragged.current;
      if (from?.id !== event.pointerId) return;
      const [dx, dy] = [(event.clientX - from.x) * ratio, (event.clientY - from.y) * ratio];
      dragged.current = { ...from, x: event.clientX, y: event.clientY };
      if (marked.value !== null) {
        if (point && from.from) marked.value = rectangleBetween(from.from, inScene(point), scene);
        return;
      }
      if (state.value.view !== null) update({ view: panBy(state.value.view, scene, pane, dx, dy) });
    },
    onPointerUp: () => {
      dragged.current = null;
    },
    onPointerCancel: () => {
      dragged.current = null;
    },
    onPointerLeave: () => {
      current.current.pointer.value = null;
    },
    onDblClick: (event: MouseEvent) => {
      const { state, scene, pane } = current.current;
      const point = inPane(event);
      if (point) update({ view: toggleFit(state.value.view, scene, pane, point) });
    },
  };
}
