/** All images of the data set, of which only the rows in sight are drawn. One stop for the keyboard; arrows move in it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DatasetPageImage } from '../../protocol/pages';
import { Dropdown, TextField } from '../kit/controls';
import { count } from '../kit/format';
import { Icon } from '../kit/icon';
import { useSize } from '../kit/use-size';
import { page } from './dataset-page-state';
import { filterImages, listWindow, moveInList, type SplitFilter } from './images';

const ROW = 40;

const splits: { value: SplitFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'train', label: 'Training' },
  { value: 'validation', label: 'Validation' },
  { value: 'noted', label: 'With notes' },
];

export function ImageList(props: { images: readonly DatasetPageImage[]; selected: string | undefined }) {
  const { images, selected } = props;
  const { split, search } = page.value;
  const shown = filterImages(images, split, search);
  return (
    <div class="image-panel">
      <div class="image-filter">
        <TextField
          label="Find images by name"
          placeholder="Find by name"
          value={search}
          onInput={(text) => {
            page.value = { ...page.value, search: text };
          }}
        />
        <Dropdown
          label="Which images"
          choices={splits}
          value={split}
          onChange={(chosen) => {
            page.value = { ...page.value, split: chosen };
          }}
        />
      </div>
      <p class="muted image-count" role="status">
        {shown.length === images.length
          ? `${count(images.length)} images`
          : `${count(shown.length)} of ${count(images.length)} images`}
      </p>
      <VirtualList images={shown} selected={selected} />
    </div>
  );
}

function VirtualList(props: { images: readonly DatasetPageImage[]; selected: string | undefined }) {
  const { images, selected } = props;
  const list = useRef<HTMLDivElement>(null);
  const size = useSize(list);
  const [scrollTop, setScrollTop] = useState(0);
  const index = images.findIndex(({ name }) => name === selected);
  const height = size?.height ?? 0;
  const { first, end } = listWindow(images.length, ROW, scrollTop, height);

  const select = (at: number) => {
    const image = images[at];
    if (image) page.value = { ...page.value, image: image.name };
  };

  useEffect(() => {
    const element = list.current!;
    if (index === -1 || height === 0) return;
    const top = index * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + height) element.scrollTop = top + ROW - height;
  }, [index, height]);

  return (
    <div
      ref={list}
      class="image-list"
      role="listbox"
      aria-label="Images"
      aria-activedescendant={index === -1 ? undefined : `image-${index}`}
      tabIndex={0}
      onScroll={(event) => {
        setScrollTop(event.currentTarget.scrollTop);
      }}
      onKeyDown={(event) => {
        const next = moveInList(event.key, index, images.length, Math.max(1, Math.floor(height / ROW) - 1));
        if (next === null) return;
        event.preventDefault();
        select(next);
      }}
    >
      <div class="image-space" style={{ height: `${images.length * ROW}px` }}>
        {images.slice(first, end).map((image, offset) => {
          const at = first + offset;
          return (
            <div
              key={image.name}
              id={`image-${at}`}
              class="image-row"
              role="option"
              aria-selected={at === index}
              aria-posinset={at + 1}
              aria-setsize={images.length}
              style={{ transform: `translateY(${at * ROW}px)` }}
              onClick={() => {
                select(at);
              }}
            >
              <img src={image.lr} alt="" width={48} height={34} loading="lazy" decoding="async" />
              <span class="image-name" title={image.name}>
                {image.name}
              </span>
              {image.notes.length > 0 && (
                <span title={image.notes.join('\n')}>
                  <Icon name="info" />
                </span>
              )}
              {image.split === 'validation' && <span class="image-split">validation</span>}
            </div>
          );
        })}
      </div>
      {images.length === 0 && <p class="image-none muted">No image matches.</p>}
    </div>
  );
}
