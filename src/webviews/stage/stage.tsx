/**
 * The image stage: one to six pictures of the same scene, compared side by side, with a slider, blinking or by their
 * difference, in one view. This component holds the parts together; what is where is in `panes.ts` and `viewport.ts`.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { counted } from '../kit/format';
import { Loading, Notice } from '../kit/states';
import { palette, reducedMotion } from '../kit/theme';
import type { Cell } from '../kit/cell';
import { useSize } from '../kit/use-size';
import { CropChoice, CropForm } from './crop-bar';
import { CropFrames } from './crop-frame';
import { cropInView, freshName, rectangleInSight, viewOf, type StageCrops } from './crops';
import { Divider } from './divider';
import { useGestures } from './gestures';
import { PaneLabels } from './pane-labels';
import { StagePainter } from './paint';
import { hasSimilarity, panesOf, type StagePicture } from './panes';
import { Scrubber, type StageSteps } from './scrubber';
import { stageCommand, type StageState } from './stage-state';
import './stage.css';
import { StageToolbar } from './toolbar';
import { usePictures } from './use-pictures';
import {
  arrange,
  paneRectangles,
  panBy,
  place,
  scaleAt,
  scenePixel,
  sightOf,
  zoomAt,
  type Extent,
  type Point,
  type Rectangle,
} from './viewport';

export interface StageProps {
  /** Name of the scene. */
  name: string;
  pictures: readonly StagePicture[];
  state: Cell<StageState>;
  steps?: StageSteps | undefined;
  /** Addresses that are likely to be asked for next. */
  upcoming?: readonly string[];
  /** Crops of the scene that can be kept; without them none can be marked. */
  crops?: StageCrops | undefined;
  /** Whether Y and the hexadecimal code of the pixel under the pointer are told, too. */
  allValues?: boolean;
  /** Called with the part of the scene that is in sight, in its pixels, when that changes. */
  onSight?: (sight: Rectangle, scene: Extent) => void;
}

const BLINK_MS = 700;
const NONE: readonly string[] = [];

export function Stage(props: StageProps) {
  const { name, pictures, state, steps, upcoming = NONE, crops, allValues = false, onSight } = props;
  const { shown, loading } = usePictures(pictures, upcoming);
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useMemo(() => new StagePainter(), []);
  const measured = useSize(area);
  // While the page is not laid out there is nothing to paint on.
  const size = measured && measured.width > 0 ? measured : null;
  const swapped = useSignal(false);
  const playing = useSignal(false);
  /** Where the pointer is, in device pixels of a pane. */
  const pointer = useSignal<Point | null>(null);
  /** The crop that is being marked. */
  const marked = useSignal<Rectangle | null>(null);
  const summaryId = useId();

  const now = state.value;
  const update = (change: Partial<StageState>) => {
    state.set({ ...state.value, ...change });
  };
  const scene = sceneOf(shown);
  const panes = shown ? panesOf(shown.pictures, now, swapped.value) : [];
  const device = size?.device ?? { width: 1, height: 1 };
  const ratio = size ? device.width / size.width : 1;
  const grid = arrange(Math.max(1, panes.length), device, scene);
  const rectangles = paneRectangles(panes.length, grid, device, Math.round(2 * ratio));
  const pane: Extent = rectangles[0] ?? device;
  const placement = place(now.view, scene, pane);
  const colours = palette.value;
  const lens = now.magnifier ? pointer.value : null;
  // Painted again only when something that is painted has changed, not whenever the pointer moves.
  const paintKey = JSON.stringify([device, panes, placement, lens, now.gain, now.split, now.smooth]);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !size || !shown) return;
    if (element.width !== device.width) element.width = device.width;
    if (element.height !== device.height) element.height = device.height;
    const painting = {
      context: element.getContext('2d', { alpha: true })!,
      scene,
      palette: colours,
      ratio,
      gain: now.gain,
      split: now.split,
      smooth: now.smooth,
      loaded: shown.loaded,
    };
    painter.paint(painting, panes, rectangles, placement, lens);
  }, [paintKey, shown, colours]);

  const sight = sightOf(placement, scene, pane);
  useEffect(() => {
    if (shown && size) onSight?.(sight, scene);
  }, [JSON.stringify([sight, scene]), shown === null, size === null]);

  const blinking = now.mode === 'blink' && now.solo === null && !reducedMotion();
  useEffect(() => {
    if (!blinking) return;
    const timer = setInterval(() => {
      swapped.value = !swapped.value;
    }, BLINK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [blinking]);

  const gestures = useGestures({ canvas, scene, pane, rectangles, ratio, state, pointer, marked });
  const middle = { x: pane.width / 2, y: pane.height / 2 };
  const toggleMarking = () => {
    marked.value = marked.value || !crops ? null : rectangleInSight(placement, scene, pane);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ids = pictures.map((picture) => picture.id);
    const command = stageCommand(event.key, state.value, ids);
    if (!command) return;
    if (command.do === 'state' && command.change.mode === 'similarity' && !hasSimilarity(pictures)) return;
    event.preventDefault();
    const { view } = state.value;
    switch (command.do) {
      case 'state':
        update(command.change);
        break;
      case 'swap':
        swapped.value = !swapped.value;
        break;
      case 'zoom':
        update({ view: zoomAt(view, scene, pane, pointer.value ?? middle, command.factor) });
        break;
      case 'actual':
        update({ view: scaleAt(view, scene, pane, pointer.value ?? middle, 1) });
        break;
      case 'pan':
        update({ view: panBy(view, scene, pane, command.x * ratio, command.y * ratio) });
        break;
      case 'step':
        steps?.select(steps.index + command.by);
        break;
      case 'mark':
        toggleMarking();
        break;
      case 'play':
        if (steps) playing.value = !playing.value;
        break;
    }
  };

  const pixel = pointer.value && scenePixel(placement, scene, pointer.value);
  return (
    <div class="stage">
      <StageToolbar
        pictures={pictures}
        state={state}
        placement={shown && placement}
        pixel={pixel}
        onZoom={(factor) => {
          update({ view: zoomAt(now.view, scene, pane, middle, factor) });
        }}
        onActualSize={() => {
          update({ view: scaleAt(now.view, scene, pane, middle, 1) });
        }}
      >
        {crops && (
          <CropChoice
            crops={crops}
            inView={cropInView(crops.kept, now.view, pane)}
            marking={marked.value !== null}
            onShow={(crop) => {
              update({ view: crop && viewOf(crop, pane) });
            }}
            onMark={toggleMarking}
          />
        )}
      </StageToolbar>
      {crops && marked.value && (
        <CropForm
          rectangle={marked.value}
          proposed={freshName(crops.kept)}
          taken={crops.kept.map((crop) => crop.name)}
          onKeep={(cropName) => {
            crops.keep({ ...marked.value!, name: cropName });
            marked.value = null;
          }}
          onCancel={() => {
            marked.value = null;
          }}
        />
      )}
      {shown?.problems.map((problem) => (
        <Notice key={problem} severity="error">
          {problem}
        </Notice>
      ))}
      <div
        ref={area}
        class={`stage-area stage-${now.mode}`}
        role="application"
        aria-roledescription="image stage"
        aria-label={`${name}: compare ${counted(pictures.length, 'picture')}`}
        aria-describedby={summaryId}
        aria-busy={loading}
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...gestures}
      >
        <canvas ref={canvas} class="stage-canvas" />
        {!shown && <Loading what="Loading pictures" />}
        {marked.value && (
          <CropFrames marked={marked.value} placement={placement} panes={rectangles} ratio={ratio} />
        )}
        {shown && (
          <PaneLabels
            panes={panes}
            rectangles={rectangles}
            ratio={ratio}
            pixel={pixel}
            loaded={shown.loaded}
            scene={scene}
            gain={now.gain}
            allValues={allValues}
          />
        )}
        {panes[0]?.kind === 'split' && (
          <Divider
            split={now.split}
            onChange={(split) => {
              update({ split });
            }}
          />
        )}
      </div>
      {steps && <Scrubber steps={steps} playing={playing} loading={loading} />}
      <p id={summaryId} class="visually-hidden">
        {shown && (
          <>
            {panes.map(describePane).join('; ')}. {scene.width} by {scene.height} pixels, drawn at{' '}
            {Math.round(placement.scale * 100)} %.{' '}
          </>
        )}
        Keys: 1 to 9 show one picture, C columns, S slider, B blink, D difference,{' '}
        {hasSimilarity(pictures) && 'I local SSIM, '}F fit, plus, minus and 0 zoom, arrows pan, M magnifier, K
        marks a crop, brackets change the step.
      </p>
    </div>
  );
}

/** All pictures show the same scene: its size is that of the largest, or what they cover of it together. */
function sceneOf(shown: ReturnType<typeof usePictures>['shown']): Extent {
  const extents = (shown?.pictures ?? []).flatMap(({ uri, tiles, extent }) =>
    extent ? [extent] : [shown?.loaded.get(uri), tiles].filter((each) => each !== undefined),
  );
  return {
    width: Math.ceil(Math.max(1, ...extents.map(({ width }) => width))),
    height: Math.ceil(Math.max(1, ...extents.map(({ height }) => height))),
  };
}

function describePane(pane: ReturnType<typeof panesOf>[number]): string {
  switch (pane.kind) {
    case 'picture':
      return pane.picture.label;
    case 'split':
      return `${pane.left.label} left of ${pane.right.label}`;
    case 'difference':
      return `difference of ${pane.picture.label} and ${pane.reference.label}`;
    case 'similarity':
      return `local SSIM of ${pane.picture.label} and ${pane.reference.label}`;
  }
}
