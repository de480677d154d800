/** The rectangle that is being marked, in every pane. */
import { drawnRectangle } from './crops';
import type { Placement, Rectangle } from './viewport';

export function CropFrames(props: {
  marked: Rectangle;
  placement: Placement;
  /** The panes, in device pixels. */
  panes: readonly Rectangle[];
  ratio: number;
}) {
  const { marked, placement, panes, ratio } = props;
  return (
    <>
      {panes.map((pane, index) => {
        const drawn = drawnRectangle(marked, placement, pane);
        if (!drawn) return null;
        const style = {
          left: `${(pane.left + drawn.left) / ratio}px`,
          top: `${(pane.top + drawn.top) / ratio}px`,
          width: `${drawn.width / ratio}px`,
          height: `${drawn.height / ratio}px`,
        };
        return <div key={index} class="stage-crop-frame" style={style} aria-hidden="true" />;
      })}
    </>
  );
}
