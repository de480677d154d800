/** The controls over the stage: mode, which pictures, zoom. Everything here has a key too. */
import type { ComponentChildren } from 'preact';
import { Button, Dropdown, Segmented } from '../kit/controls';
import type { Cell } from '../kit/cell';
import { hasSimilarity, pairOf, referenceOf, type StagePicture } from './panes';
import { SimilarityLegend } from './similarity-legend';
import { gains, type StageMode, type StageState } from './stage-state';
import type { Placement, Point } from './viewport';

const modes: { value: StageMode; label: string; title: string }[] = [
  { value: 'columns', label: 'Columns', title: 'Side by side (C)' },
  { value: 'slider', label: 'Slider', title: 'Two pictures with a divider between them (S)' },
  { value: 'blink', label: 'Blink', title: 'Two pictures in turn; B swaps them (B)' },
  { value: 'difference', label: 'Difference', title: 'How far each picture is from HR, or from another (D)' },
  {
    value: 'similarity',
    label: 'SSIM map',
    title: 'How alike each place is to the reference: local SSIM (I)',
  },
];

interface ToolbarProps {
  /** Controls that only some stages have. */
  children?: ComponentChildren;
  pictures: readonly StagePicture[];
  state: Cell<StageState>;
  /** Null until there is something to place. */
  placement: Placement | null;
  pixel: Point | null;
  onZoom: (factor: number) => void;
  onActualSize: () => void;
}

export function StageToolbar(props: ToolbarProps) {
  const { pictures, state, placement, pixel } = props;
  const { mode, gain, view, magnifier, solo, smooth } = state.value;
  const update = (change: Partial<StageState>) => {
    state.set({ ...state.value, ...change });
  };
  const pair = mode === 'slider' || mode === 'blink' ? pairOf(pictures, state.value) : null;
  const reference = referenceOf(pictures, state.value);
  const similarity = mode === 'similarity' && hasSimilarity(pictures);
  const comparing = mode === 'difference' || similarity;
  const names = pictures.map(({ id, label }) => ({ value: id, label }));

  return (
    <div class="stage-toolbar" role="toolbar" aria-label="Image stage">
      {pictures.length > 1 && (
        <Segmented
          label="Comparison"
          choices={hasSimilarity(pictures) ? modes : modes.filter(({ value }) => value !== 'similarity')}
          value={mode}
          onChange={(chosen) => {
            update({ mode: chosen, solo: null });
          }}
        />
      )}
      {pair && pictures.length > 2 && (
        <span class="stage-pair">
          <Dropdown
            label="Left or first picture"
            choices={names}
            value={pair[0].id}
            onChange={(left) => {
              update({ left, right: left === pair[1].id ? pair[0].id : pair[1].id, solo: null });
            }}
          />
          <Dropdown
            label="Right or second picture"
            choices={names}
            value={pair[1].id}
            onChange={(right) => {
              update({ right, left: right === pair[0].id ? pair[1].id : pair[0].id, solo: null });
            }}
          />
        </span>
      )}
      {comparing && reference && pictures.length > 3 && (
        <Dropdown
          label="Differences from"
          choices={names.map(({ value, label }) => ({ value, label: `from ${label}` }))}
          value={reference.id}
          onChange={(id) => {
            update({ reference: id, solo: null });
          }}
        />
      )}
      {mode === 'difference' && (
        <Segmented
          label="Gain"
          choices={gains.map((value) => ({
            value: String(value),
            label: `×${value}`,
            title: `Differences ×${value}`,
          }))}
          value={String(gain)}
          onChange={(value) => {
            update({ gain: Number(value) });
          }}
        />
      )}
      {similarity && <SimilarityLegend />}
      {solo !== null && (
        <Button
          appearance="secondary"
          icon="eye"
          title="Show the others again (Escape)"
          onPress={() => {
            update({ solo: null });
          }}
        >
          Show all
        </Button>
      )}
      <span class="stage-spacer" />
      <span class="stage-position" aria-hidden="true">
        {pixel && `${pixel.x}, ${pixel.y}`}
      </span>
      {props.children}
      <span class="stage-zoom">
        <Button
          appearance="icon"
          icon="zoom-out"
          title="Zoom out ( − )"
          onPress={() => {
            props.onZoom(0.5);
          }}
        />
        <span
          class="stage-scale"
          title="Device pixels for a pixel of HR. From 16 CSS pixels on, pixels carry their grey level; from 32 on red, green and blue."
        >
          {placement && scaleText(placement.scale)}
        </span>
        <Button
          appearance="icon"
          icon="zoom-in"
          title="Zoom in ( + )"
          onPress={() => {
            props.onZoom(2);
          }}
        />
        <Button
          appearance="icon"
          icon="screen-full"
          title="Fit (F)"
          pressed={view === null}
          onPress={() => {
            update({ view: null });
          }}
        />
        <button
          type="button"
          class="segment"
          title="1:1, a device pixel for a pixel (0)"
          onClick={props.onActualSize}
        >
          1:1
        </button>
        <Button
          appearance="icon"
          icon="color-mode"
          title="Smooth enlarged pixels (N)"
          pressed={smooth}
          onPress={() => {
            update({ smooth: !smooth });
          }}
        />
        <Button
          appearance="icon"
          icon="search"
          title="Magnifier at the pointer (M)"
          pressed={magnifier}
          onPress={() => {
            update({ magnifier: !magnifier });
          }}
        />
      </span>
    </div>
  );
}

function scaleText(scale: number): string {
  return scale >= 1 ? `${scale}×` : `${Math.round(scale * 100)} %`;
}
