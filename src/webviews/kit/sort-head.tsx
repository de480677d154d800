/** The head of a column that sorts its table: pressed, from the best down; again, the other way; a third time, not at all. */
import { Icon, type IconName } from './icon';
import type { SortOrder } from './sort-order';

interface SortHeadProps {
  id: string;
  title: string;
  hint: string;
  /** Shown in place of the title. */
  icon?: IconName;
  isNumber?: boolean;
  /** Whether the first press sorts from the highest down. */
  descendingFirst: boolean;
  sort: SortOrder | null;
  onSort: (sort: SortOrder | null) => void;
}

export function SortHead(props: SortHeadProps) {
  const { id, title, hint, icon, isNumber, descendingFirst, sort } = props;
  const mine = sort?.column === id ? sort : null;
  const next = (): SortOrder | null => {
    if (mine === null) return { column: id, descending: descendingFirst };
    return mine.descending === descendingFirst ? { column: id, descending: !mine.descending } : null;
  };
  return (
    <th
      scope="col"
      class={isNumber ? 'is-number' : ''}
      aria-sort={mine === null ? 'none' : mine.descending ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        class="bare sort-head"
        title={`${hint}. Sort by it.`}
        onClick={() => {
          props.onSort(next());
        }}
      >
        {icon ? (
          <>
            <Icon name={icon} />
            <span class="visually-hidden">{title}</span>
          </>
        ) : (
          title
        )}
        {mine && <Icon name={mine.descending ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </th>
  );
}
