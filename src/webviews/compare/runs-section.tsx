/** The runs as a table, with what finds, orders and shows them: a row a run, a column for each setting that differs and each score. */
import { Button, TextField } from '../kit/controls';
import { counted } from '../kit/format';
import { Notice } from '../kit/states';
import { Choices } from './choices';
import { isRead } from './compared-run';
import { page, runs, update, view } from './compare-page-state';
import { RunsTable } from './runs-table';
import { isShown } from './view';
import { goneThrough, incomparable, listed } from './words';

export function RunsSection() {
  const { columns, rows, all, unknown } = view.value;
  const { filter, onlyStarred, columns: chosen } = page.value;
  const read = (runs.value ?? []).filter(isRead);
  const warning = incomparable(read);
  const making = goneThrough(read);
  const found = rows.length === all.length ? '' : `${rows.length} of ${counted(all.length, 'run')}`;
  return (
    <section class="section compare-runs" aria-label="Runs">
      <div class="compare-toolbar" role="toolbar" aria-label="Runs">
        <span class="compare-filter">
          <TextField
            label="Filter runs by words or by conditions such as psnr>28 or seed=1"
            placeholder="Filter: words, psnr>28, seed=1"
            value={filter}
            onInput={(text) => {
              update({ filter: text, picturePage: 0 });
            }}
          />
        </span>
        <Button
          appearance="icon"
          icon={onlyStarred ? 'star-full' : 'star-empty'}
          title="Show starred runs only"
          pressed={onlyStarred}
          onPress={() => {
            update({ onlyStarred: !onlyStarred, picturePage: 0 });
          }}
        />
        <Choices
          label="Columns"
          icon="layout"
          entries={columns.map((column) => ({
            id: column.id,
            label: column.title,
            hint: column.hint,
            checked: isShown(column, chosen),
          }))}
          onChange={(id, checked) => {
            update({ columns: { ...page.peek().columns, [id]: checked } });
          }}
          onReset={
            Object.keys(chosen).length === 0
              ? undefined
              : () => {
                  update({ columns: {} });
                }
          }
        />
        <span class="muted" role="status">
          {found}
        </span>
      </div>
      {unknown.length > 0 && (
        <Notice severity="info">
          No column is named {listed(unknown.map((name) => `“${name}”`))}. A condition begins with the name of
          a column or setting: psnr&gt;28, seed=1, state!=finished.
        </Notice>
      )}
      {making !== null && <Notice severity="info">{making}</Notice>}
      {warning !== null && <Notice severity="warning">{warning}</Notice>}
      <RunsTable />
    </section>
  );
}
