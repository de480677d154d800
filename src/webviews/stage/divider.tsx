/** The handle of the slider: dragged, or moved with the arrow keys while it has the focus. */
import { useRef } from 'preact/hooks';

const KEY_STEP = 0.02;

export function Divider(props: { split: number; onChange: (split: number) => void }) {
  const { split, onChange } = props;
  const handle = useRef<HTMLDivElement>(null);
  const set = (value: number) => {
    onChange(Math.min(1, Math.max(0, value)));
  };
  return (
    <div
      ref={handle}
      class="stage-divider"
      style={{ left: `${split * 100}%` }}
      role="slider"
      aria-label="Divider between the left and the right picture"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(split * 100)}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(split - KEY_STEP);
        else if (event.key === 'ArrowRight') set(split + KEY_STEP);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.stopPropagation();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = event.currentTarget.parentElement!.getBoundingClientRect();
        set((event.clientX - box.left) / box.width);
        event.stopPropagation();
      }}
      onDblClick={(event) => {
        set(0.5);
        event.stopPropagation();
      }}
    >
      <span class="stage-divider-grip" />
    </div>
  );
}
