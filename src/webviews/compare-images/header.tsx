/** The answer first: how many pictures, which is closest to the reference; adding pictures, taking the table away. */
import { Button } from '../kit/controls';
import { counted } from '../kit/format';
import { MenuButton } from '../kit/menu';
import { Problem } from '../kit/states';
import {
  attempt,
  copied,
  copyText,
  host,
  page,
  pictures,
  problem,
  reference,
  rows,
} from './compare-images-state';
import { asCsv, asMarkdown, bestOf, columnsOf, figureOf, figureText, sortRows, valueOf } from './figures';

export function CompareImagesHeader() {
  const list = pictures.value ?? [];
  return (
    <header class="page-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name">Compare {counted(list.length, 'image')}</h1>
          <Closest />
        </div>
        <span class="page-actions">
          <span class="muted" role="status">
            {copied.value && 'Copied'}
          </span>
          <Button
            icon="add"
            title="Add pictures of the same scene"
            onPress={() => {
              void attempt(() => host.request('add', {}, { timeout: null }));
            }}
          >
            Add images…
          </Button>
          <MenuButton label="More actions" items={tableActions()} />
        </span>
      </div>
      <Problem problem={problem} />
    </header>
  );
}

/** The figures of the only picture, or which of several is closest. */
function Closest() {
  const list = rows.value;
  const [column] = columnsOf(list);
  if (column === undefined) return null;
  const best = bestOf(list, column);
  const found = list.filter((row) =>
    list.length === 1
      ? valueOf(row, column.name) !== null
      : best !== null && valueOf(row, column.name) === best,
  );
  const [row] = found;
  if (row === undefined || found.length > 1) return null;
  const text = figureText(figureOf(row, column.name));
  return (
    <span>
      <span class="muted">{list.length === 1 ? column.name : `best ${column.name}`} </span>
      {list.length > 1 && <strong>{row.picture.name} </strong>}
      {text === 'equal' ? text : `${text} ${column.unit}`}
    </span>
  );
}

function tableActions() {
  const sorted = () => sortRows(rows.peek(), page.peek().sort);
  const save = (name: string, text: string) => {
    void attempt(() => host.request('saveText', { name, text: `${text}\n` }, { timeout: null }));
  };
  return [
    {
      label: 'Copy table (Markdown)',
      icon: 'clippy' as const,
      run: () => void copyText(asMarkdown(sorted(), reference.peek())),
    },
    {
      label: 'Copy table (CSV)',
      icon: 'clippy' as const,
      run: () => void copyText(asCsv(sorted(), reference.peek())),
    },
    {
      label: 'Save table (CSV)…',
      icon: 'save' as const,
      run: () => {
        save('compared-images.csv', asCsv(sorted(), reference.peek()));
      },
    },
    {
      label: 'Save table (Markdown)…',
      icon: 'save' as const,
      run: () => {
        save('compared-images.md', asMarkdown(sorted(), reference.peek()));
      },
    },
  ];
}
