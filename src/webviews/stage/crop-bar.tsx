/** Crops under the stage's toolbar: kept ones to look at again, and the one that is being marked, with its name. */
import { useRef } from 'preact/hooks';
import { Button, Dropdown } from '../kit/controls';
import { count } from '../kit/format';
import type { StageCrop, StageCrops } from './crops';
import type { Rectangle } from './viewport';

const WHOLE = '';

export function CropChoice(props: {
  crops: StageCrops;
  inView: StageCrop | undefined;
  marking: boolean;
  onShow: (crop: StageCrop | null) => void;
  onMark: () => void;
}) {
  const { crops, inView, marking } = props;
  return (
    <span class="stage-crops">
      {crops.kept.length > 0 && (
        <Dropdown
          label="Kept crops"
          choices={[
            { value: WHOLE, label: inView ? 'Whole picture' : 'Kept crops' },
            ...crops.kept.map(({ name }) => ({ value: `=${name}`, label: name })),
          ]}
          value={inView ? `=${inView.name}` : WHOLE}
          onChange={(value) => {
            props.onShow(crops.kept.find(({ name }) => `=${name}` === value) ?? null);
          }}
        />
      )}
      {inView && (
        <Button
          appearance="icon"
          icon="trash"
          title={`Forget the crop ${inView.name}`}
          onPress={() => {
            crops.remove(inView.name);
          }}
        />
      )}
      <Button
        appearance="icon"
        icon="edit"
        title="Mark a crop (K)"
        pressed={marking}
        onPress={props.onMark}
      />
    </span>
  );
}

/** Enter keeps, Escape gives up. */
export function CropForm(props: {
  rectangle: Rectangle;
  proposed: string;
  taken: readonly string[];
  onKeep: (name: string) => void;
  onCancel: () => void;
}) {
  const { rectangle, proposed, taken, onKeep, onCancel } = props;
  const field = useRef<HTMLInputElement>(null);
  const keep = () => {
    const name = field.current!.value.trim();
    onKeep(name === '' ? proposed : name);
  };
  const { left, top, width, height } = rectangle;
  return (
    <div class="stage-crop-form" role="group" aria-label="New crop">
      <span class="stage-crop-size">
        {count(width)}×{count(height)} at {left}, {top}
      </span>
      <input
        ref={field}
        class="stage-crop-name"
        type="text"
        aria-label="Name of the crop"
        placeholder={proposed}
        maxLength={80}
        list="stage-crop-names"
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          else if (event.key === 'Escape') onCancel();
          else return;
          event.preventDefault();
        }}
      />
      <datalist id="stage-crop-names">
        {taken.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button appearance="primary" icon="save" onPress={keep}>
        Keep
      </Button>
      <Button onPress={onCancel}>Cancel</Button>
      <span class="muted">Drag over a picture to mark another part; a name that is taken is replaced.</span>
    </div>
  );
}
