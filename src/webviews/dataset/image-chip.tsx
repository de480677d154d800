/** An image in a list of problems: its picture and name; a press shows it on the stage, another takes it out. */
import type { DatasetHeader } from '../../protocol/dataset-page';
import { Icon } from '../kit/icon';
import { collection, leaveOut, select, selected, work } from './dataset-page-state';
import { pictureAddress } from './pictures-of';
import { Thumbnail } from './thumbnail';

export function ImageChip(props: {
  name: string;
  header: DatasetHeader;
  detail?: string;
  removable?: boolean;
}) {
  const { name, header, detail, removable = false } = props;
  const image = collection.value.images[collection.value.indexOf(name)];
  if (!image) return null;
  return (
    <span class={`image-chip ${selected.value?.name === name ? 'is-selected' : ''}`}>
      <button
        type="button"
        class="bare image-chip-main"
        title={`Show ${name} above`}
        onClick={() => {
          select(name);
        }}
      >
        <Thumbnail lazy uri={pictureAddress(header, image, 'lr')} />
        <span class="image-chip-text">
          <span class="image-name">{name}</span>
          <span class="muted">
            {detail ?? `${image.width}×${image.height}`}
            {image.split === 'validation' && ' · validation'}
          </span>
        </span>
      </button>
      {removable && (
        <button
          type="button"
          class="bare image-chip-remove"
          aria-label={`Leave out ${name}`}
          title={`Leave out ${name}`}
          disabled={work.value !== null}
          onClick={() => void leaveOut([name])}
        >
          <Icon name="trash" />
        </button>
      )}
    </span>
  );
}
