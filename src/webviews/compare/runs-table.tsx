/** The table of the runs. Arrow keys move between rows, from one control to the same of the next run. */
import { Icon, type IconName } from '../kit/icon';
import { SortHead } from '../kit/sort-head';
import type { Column, TableRun } from './column';
import { bestValues } from './columns';
import type { ComparedRun } from './compared-run';
import { page, performOn, star, update, view } from './compare-page-state';
import { RunKey } from './run-key';

export function RunsTable() {
  const { shown, rows, all, unread } = view.value;
  const best = bestValues(rows, shown);
  return (
    <div class="table-scroll runs-scroll">
      <table class="runs" onKeyDown={moveBetweenRows}>
        <caption class="visually-hidden">
          The compared runs. Buttons in the head sort; in a row they hide the run from curves and pictures,
          open, star and remove it. Up and down arrows move between runs.
        </caption>
        <thead>
          <tr>
            <RunsSortHead id="name" title="Run" hint="Name of the run" />
            <RunsSortHead id="star" title="Star" hint="Starred runs" icon="star-empty" />
            {shown.map(({ id, title, hint, value }) => (
              <RunsSortHead
                key={id}
                id={id}
                title={title}
                hint={hint}
                isNumber={rows.some((row) => typeof value(row) === 'number')}
              />
            ))}
            <th scope="col">
              <span class="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <RunRow key={row.run.folder} row={row} columns={shown} best={best} />
          ))}
          {unread.map((run) => (
            <UnreadRow key={run.folder} run={run} columns={shown.length} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && all.length > 0 && (
        <p class="muted runs-none">
          No run fits.{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              update({ filter: '', onlyStarred: false });
            }}
          >
            Show all
          </button>
        </p>
      )}
    </div>
  );
}

/** Scores are looked at from the best down, names from the first. */
function RunsSortHead(props: {
  id: string;
  title: string;
  hint: string;
  icon?: IconName;
  isNumber?: boolean;
}) {
  return (
    <SortHead
      {...props}
      descendingFirst={props.id !== 'name'}
      sort={page.value.sort}
      onSort={(sort) => {
        update({ sort });
      }}
    />
  );
}

function RunRow(props: { row: TableRun; columns: readonly Column[]; best: ReadonlyMap<string, number> }) {
  const { row, columns, best } = props;
  const { folder, name, slot } = row.run;
  const { hidden } = page.value;
  const isHidden = hidden.includes(folder);
  return (
    <tr class={isHidden ? 'is-hidden' : ''}>
      <th scope="row">
        <span class="runs-name">
          <button
            type="button"
            class="bare"
            aria-pressed={!isHidden}
            aria-label={`Show ${name} in curves and pictures`}
            title={`${isHidden ? 'Show' : 'Hide'} ${name} in curves and pictures; with Alt show it alone`}
            onClick={(event) => {
              toggle(folder, event.altKey);
            }}
          >
            <Icon name={isHidden ? 'eye-closed' : 'eye'} />
          </button>
          <RunKey slot={slot} />
          <button
            type="button"
            class="link"
            title={`Open ${folder}`}
            onClick={() => {
              performOn('openRun', folder);
            }}
          >
            {name}
          </button>
        </span>
      </th>
      <td>
        <button
          type="button"
          class={`bare ${row.starred ? 'is-starred' : 'runs-quiet'}`}
          aria-pressed={row.starred}
          aria-label={`Star ${name}`}
          title={row.starred ? `Take the star from ${name}` : `Star ${name}`}
          onClick={() => {
            star(folder, !row.starred);
          }}
        >
          <Icon name={row.starred ? 'star-full' : 'star-empty'} />
        </button>
      </td>
      {columns.map((column) => {
        const value = column.value(row);
        const isBest = typeof value === 'number' && best.get(column.id) === value;
        return (
          <td
            key={column.id}
            class={[typeof value === 'number' && 'is-number', isBest && 'is-best'].filter(Boolean).join(' ')}
            title={column.id === 'state' ? row.run.content.status.message : column.text(row)}
          >
            {column.text(row)}
            {isBest && <span class="visually-hidden"> (best)</span>}
          </td>
        );
      })}
      <td>
        <RemoveButton run={row.run} />
      </td>
    </tr>
  );
}

/** A run that is being read, or that cannot be. */
function UnreadRow({ run, columns }: { run: ComparedRun; columns: number }) {
  return (
    <tr class="is-unread">
      <th scope="row">
        <span class="runs-name">
          <RunKey slot={run.slot} />
          <span title={run.folder}>{run.name}</span>
        </span>
      </th>
      <td colSpan={columns + 1} role={run.problem === null ? undefined : 'alert'}>
        {run.problem === null ? (
          <span class="muted">Reading…</span>
        ) : (
          <span class="runs-problem">
            <Icon name="error" /> {run.problem}
          </span>
        )}
      </td>
      <td>
        <RemoveButton run={run} />
      </td>
    </tr>
  );
}

function RemoveButton({ run: { folder, name } }: { run: ComparedRun }) {
  return (
    <button
      type="button"
      class="bare runs-quiet"
      aria-label={`Remove ${name} from this comparison`}
      title={`Remove ${name} from this comparison; its folder stays`}
      onClick={() => {
        performOn('remove', folder);
      }}
    >
      <Icon name="close" />
    </button>
  );
}

/** Hides or shows a run; with Alt it is shown alone, and then all are again. */
function toggle(folder: string, alone: boolean): void {
  const { hidden, runs } = page.peek();
  if (!alone) {
    const isHidden = hidden.includes(folder);
    update({ hidden: isHidden ? hidden.filter((each) => each !== folder) : [...hidden, folder] });
    return;
  }
  const others = runs.filter((each) => each !== folder);
  const isAlone = !hidden.includes(folder) && others.every((each) => hidden.includes(each));
  update({ hidden: isAlone ? [] : others, picturePage: 0 });
}

function moveBetweenRows(event: KeyboardEvent): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0 || !(event.target instanceof HTMLElement)) return;
  const row = event.target.closest('tr');
  const all = [...(row?.closest('table')?.rows ?? [])];
  const buttons = (of: HTMLTableRowElement | undefined) => [
    ...(of?.querySelectorAll<HTMLElement>('button') ?? []),
  ];
  if (row === null) return;
  const next = buttons(all[all.indexOf(row) + by]);
  const at = buttons(row).indexOf(event.target);
  next[Math.min(at, next.length - 1)]?.focus();
  event.preventDefault();
}
