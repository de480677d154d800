/**
 * The images that were found, of which only those in sight are drawn. One stop for the keyboard: arrows move in it, Enter
 * goes to the stage, Delete takes the image out.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DatasetPageImage } from '../../protocol/dataset-page';
import { Icon } from '../kit/icon';
import { useSize } from '../kit/use-size';
import { collection, found, header, leaveOut, page, select, selected } from './dataset-page-state';
import { columnsIn, gridWindow, moveInGrid, rowsOf, scrollTo, type GridShape } from './grid-layout';
import type { ProblemKind } from './image-collection';
import { pictureAddress } from './pictures-of';
import { Thumbnail } from './thumbnail';
import { imageWords, measureWords, problemLabels } from './words';

/** Least width of a tile in CSS pixels, its padding included. */
const TILE = 116;
/** Padding of a tile, and what its name takes below the picture. */
const MARGIN = { width: 8, height: 31 };
const ROW = 32;

export function ImageGrid() {
  const { layout } = page.value;
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const indices = found.value;
  const { images } = collection.value;
  const width = size?.width ?? TILE;
  const columns = layout === 'grid' ? columnsIn(width, TILE) : 1;
  const tileWidth = Math.floor(width / columns);
  // Pictures are four to three.
  const tileHeight = Math.round((tileWidth - MARGIN.width) * 0.75) + MARGIN.height;
  const shape: GridShape = {
    count: indices.length,
    columns,
    rowHeight: layout === 'grid' ? tileHeight : ROW,
  };
  const height = size?.height ?? 0;
  const { first, end } = gridWindow(shape, scrollTop, height);
  const chosen = selected.value;
  const at = useMemo(
    () => (chosen ? indices.indexOf(collection.value.indexOf(chosen.name)) : -1),
    [indices, chosen],
  );

  useEffect(() => {
    const element = scroller.current!;
    if (at !== -1 && height > 0) element.scrollTop = scrollTo(shape, at, element.scrollTop, height);
  }, [at, height, columns, tileWidth, layout]);

  const selectAt = (position: number) => {
    const image = images[indices[position] ?? -1];
    if (image) select(image.name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pageRows = Math.max(1, Math.floor(height / shape.rowHeight) - 1);
    const next = moveInGrid(event.key, at, shape, pageRows);
    if (next !== null) selectAt(next);
    else if (event.key === 'Enter') focusStage();
    else if (event.key === 'Delete' && chosen && at !== -1) void leaveOut([chosen.name]);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      class={`image-scroller image-${layout}`}
      role="listbox"
      aria-label="Images. Arrow keys move, Enter goes to the pictures, Delete leaves the image out, slash finds by name."
      aria-activedescendant={at === -1 || at < first || at >= end ? undefined : `image-${at}`}
      tabIndex={0}
      onScroll={(event) => {
        setScrollTop(event.currentTarget.scrollTop);
      }}
      onKeyDown={onKeyDown}
    >
      <div class="image-space" role="presentation" style={{ height: `${rowsOf(shape) * shape.rowHeight}px` }}>
        {Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
          const position = first + offset;
          const index = indices[position]!;
          const image = images[index]!;
          const problems = collection.value.problemsOf(index);
          const place = {
            width: `${tileWidth}px`,
            height: `${shape.rowHeight}px`,
            transform: `translate(${(position % columns) * tileWidth}px, ${Math.floor(position / columns) * shape.rowHeight}px)`,
          };
          return (
            <div
              key={image.name}
              id={`image-${position}`}
              class={layout === 'grid' ? 'image-tile' : 'image-row'}
              role="option"
              aria-label={imageWords(image, problems)}
              aria-selected={position === at}
              aria-posinset={position + 1}
              aria-setsize={indices.length}
              title={layout === 'grid' ? imageWords(image, problems) : undefined}
              style={place}
              onClick={() => {
                selectAt(position);
              }}
              onDblClick={focusStage}
            >
              <Thumbnail uri={pictureAddress(header.value!, image, 'lr')} />
              {layout === 'grid' ? (
                <TileText image={image} problems={problems} />
              ) : (
                <RowText image={image} problems={problems} />
              )}
            </div>
          );
        })}
      </div>
      {indices.length === 0 && <p class="image-none muted">No image matches.</p>}
    </div>
  );
}

function focusStage(): void {
  document.querySelector<HTMLElement>('.dataset-pictures .stage-area')?.focus();
}

interface TextProps {
  image: DatasetPageImage;
  problems: readonly ProblemKind[];
}

function TileText({ image, problems }: TextProps) {
  return (
    <>
      <span class="tile-marks">
        {problems.length > 0 && <Icon name="warning" />}
        {image.split === 'validation' && <span class="image-split">val</span>}
      </span>
      <span class="image-name">{image.name}</span>
    </>
  );
}

function RowText({ image, problems }: TextProps) {
  const { measures } = image;
  return (
    <>
      <span class="image-name" title={image.name}>
        {image.name}
      </span>
      {problems.length > 0 && (
        <span class="image-problems">{problems.map((kind) => problemLabels[kind]).join(', ')}</span>
      )}
      <span class="image-figures muted">
        {image.width}×{image.height}
        {measures && `, ${measureWords('sharpness', measures.sharpness)}`}
      </span>
      {image.split === 'validation' && <span class="image-split">validation</span>}
    </>
  );
}
