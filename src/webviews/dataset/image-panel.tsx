/** Finding images: what to show, in which order, as tiles or as a list, and how many that are. */
import { useEffect, useRef } from 'preact/hooks';
import { Button, Dropdown, Segmented, TextField, type Choice } from '../kit/controls';
import { count, counted } from '../kit/format';
import { Icon } from '../kit/icon';
import { changeFilter, collection, found, listing, page, type DatasetPageState } from './dataset-page-state';
import {
  everyImage,
  measureKeys,
  sortKeys,
  type MeasureKey,
  type ProblemFilter,
  type SplitFilter,
} from './image-collection';
import { ImageGrid } from './image-grid';
import { problemFilterLabels, rangeWords, sortLabels, splitLabels } from './words';

function choicesOf<T extends string>(labels: Record<T, string>, keys: readonly T[]): Choice<T>[] {
  return keys.map((value) => ({ value, label: labels[value] }));
}

const splits = choicesOf(splitLabels, ['all', 'train', 'validation'] satisfies SplitFilter[]);
const problems = choicesOf(problemFilterLabels, [
  'all',
  'any',
  'duplicate',
  'flat',
  'blurred',
  'noisy',
  'blocky',
  'noted',
] satisfies ProblemFilter[]);
const sorts = choicesOf(sortLabels, sortKeys).map(({ value, label }) => ({
  value,
  label: value === 'listed' ? label : `By ${label.toLowerCase()}`,
}));
const layouts: (Choice<DatasetPageState['layout']> & { title: string })[] = [
  { value: 'grid', label: 'Grid', title: 'Pictures side by side' },
  { value: 'list', label: 'List', title: 'One image a line, with its figures' },
];

export function ImagePanel() {
  const { filter, sorting, layout } = page.value;
  const panel = useRef<HTMLElement>(null);
  useFindKey(panel);
  return (
    <section ref={panel} class="image-panel" aria-label="Images">
      <div class="image-filter" onKeyDown={leaveSearch}>
        <TextField
          label="Find images by name ( / )"
          placeholder="Find by name"
          value={filter.search}
          onInput={(search) => {
            changeFilter({ search });
          }}
        />
        <Segmented
          label="Layout"
          choices={layouts}
          value={layout}
          onChange={(chosen) => {
            page.value = { ...page.value, layout: chosen };
          }}
        />
      </div>
      <div class="image-filter">
        <Dropdown
          label="Split"
          choices={splits}
          value={filter.split}
          onChange={(split) => {
            changeFilter({ split });
          }}
        />
        <Dropdown
          label="Problems"
          choices={problems}
          value={filter.problem}
          onChange={(problem) => {
            changeFilter({ problem });
          }}
        />
        <Dropdown
          label="Order"
          choices={sorts}
          value={sorting.key}
          onChange={(key) => {
            page.value = { ...page.value, sorting: { ...sorting, key } };
          }}
        />
        <Button
          appearance="icon"
          icon={sorting.descending ? 'arrow-down' : 'arrow-up'}
          title={sorting.descending ? 'In descending order' : 'In ascending order'}
          onPress={() => {
            page.value = { ...page.value, sorting: { ...sorting, descending: !sorting.descending } };
          }}
        />
      </div>
      <Matches />
      <ImageGrid />
    </section>
  );
}

/** From the search field to what it found; with Escape to everything. */
function leaveSearch(event: KeyboardEvent): void {
  if (!(event.target instanceof Element) || event.target.tagName !== 'VSCODE-TEXT-FIELD') return;
  if (!['Enter', 'ArrowDown', 'Escape'].includes(event.key)) return;
  if (event.key === 'Escape') changeFilter({ search: '' });
  document.querySelector<HTMLElement>('.image-scroller')?.focus();
  event.preventDefault();
}

/** How many images there are, and what limits them, each with a way to lift it. */
function Matches() {
  const { filter } = page.value;
  const all = collection.value.length;
  const shown = found.value.length;
  const ranges = measureKeys.filter((key) => filter.ranges[key] !== null);
  const filtered = JSON.stringify(filter) !== JSON.stringify(everyImage);
  return (
    <div class="image-matches">
      <p class="muted" role="status">
        {shown === all ? counted(all, 'image') : `${count(shown)} of ${counted(all, 'image')}`}
        {!listing.value.complete && ', reading …'}
      </p>
      {ranges.map((key) => (
        <RangeChip key={key} measure={key} />
      ))}
      {filtered && (
        <button
          type="button"
          class="link"
          onClick={() => {
            changeFilter(everyImage);
          }}
        >
          Show all
        </button>
      )}
    </div>
  );
}

function RangeChip({ measure }: { measure: MeasureKey }) {
  const { ranges } = page.value.filter;
  const words = rangeWords(measure, ranges[measure]!);
  return (
    <button
      type="button"
      class="chip"
      title={`Lift this limit: ${words}`}
      onClick={() => {
        changeFilter({ ranges: { ...ranges, [measure]: null } });
      }}
    >
      {words}
      <Icon name="close" />
    </button>
  );
}

/** `/` goes to the search field from wherever nothing is being typed. */
function useFindKey(panel: { current: HTMLElement | null }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.composedPath()[0];
      if (target instanceof HTMLInputElement && target.type !== 'range') return;
      const field = panel.current?.querySelector<HTMLElement>('vscode-text-field');
      if (!field) return;
      event.preventDefault();
      field.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
