/** The pictures as a table: the reference first, then each other with its figures, or with the reason why there are none. */
import type { ComponentChildren } from 'preact';
import { Button } from '../kit/controls';
import { count } from '../kit/format';
import { Icon } from '../kit/icon';
import { SortHead } from '../kit/sort-head';
import type { ComparedPicture } from './compared-picture';
import { attempt, host, isComputing, page, pictures, rows, update } from './compare-images-state';
import {
  bestOf,
  columnsOf,
  figureOf,
  figureText,
  measuredWords,
  sortRows,
  valueOf,
  type FigureColumn,
  type FigureRow,
} from './figures';

export function FiguresTable() {
  const list = rows.value;
  const columns = columnsOf(list);
  const reference = (pictures.value ?? []).find(({ isReference }) => isReference);
  const words = measuredWords(list);
  const onSort = (sort: typeof page.value.sort) => {
    update({ sort });
  };
  return (
    <section class="section" aria-label="Figures">
      <div class="table-scroll">
        <table class="image-figures">
          <caption class="visually-hidden">
            The compared pictures against the reference. Buttons in the head sort; in a row they open the
            picture, make it the reference and remove it.
          </caption>
          <thead>
            <tr>
              <SortHead
                id="name"
                title="Picture"
                hint="Name of the picture"
                descendingFirst={false}
                sort={page.value.sort}
                onSort={onSort}
              />
              <th scope="col" class="is-number">
                Size
              </th>
              {columns.map(({ name, unit, best }) => (
                <SortHead
                  key={name}
                  id={name}
                  title={unit === '' ? name : `${name}, ${unit}`}
                  hint={`${name}, the ${best} is best`}
                  isNumber
                  descendingFirst={best === 'highest'}
                  sort={page.value.sort}
                  onSort={onSort}
                />
              ))}
              {columns.length === 0 && <th scope="col">Figures</th>}
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {reference && (
              <tr>
                <PictureHead picture={reference} />
                <SizeCell picture={reference} />
                <td class="muted" colSpan={Math.max(1, columns.length)}>
                  <ProblemOf picture={reference}>reference</ProblemOf>
                </td>
                <Actions picture={reference} />
              </tr>
            )}
            {sortRows(list, page.value.sort).map((row) => (
              <tr key={row.picture.id}>
                <PictureHead picture={row.picture} />
                <SizeCell picture={row.picture} />
                <Figures row={row} columns={columns} all={list} />
                <Actions picture={row.picture} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {words !== null && <p class="muted footnote">{words}.</p>}
    </section>
  );
}

function PictureHead({ picture: { id, name, place, colour } }: { picture: ComparedPicture }) {
  return (
    <th scope="row">
      <span class="image-name">
        <span class={`role-dot role-${colour}`} />
        <button
          type="button"
          class="link"
          title={`Open ${place} in the preview`}
          onClick={() => {
            void attempt(() => host.request('openPreview', { id }));
          }}
        >
          {name}
        </button>
      </span>
    </th>
  );
}

function SizeCell({ picture: { size } }: { picture: ComparedPicture }) {
  return <td class="is-number">{size && `${count(size.width)}×${count(size.height)}`}</td>;
}

function Figures(props: { row: FigureRow; columns: readonly FigureColumn[]; all: readonly FigureRow[] }) {
  const { row, columns, all } = props;
  const { picture, figures } = row;
  if (figures === undefined || 'err' in figures) {
    return (
      <td class="muted image-reason" colSpan={Math.max(1, columns.length)}>
        <ProblemOf picture={picture}>
          {figures
            ? figures.err
            : isComputing(picture)
              ? 'computing…'
              : picture.told
                ? 'not measured'
                : 'reading…'}
        </ProblemOf>
      </td>
    );
  }
  return (
    <>
      {columns.map((column) => {
        const figure = figureOf(row, column.name);
        const isBest = figure !== undefined && bestOf(all, column) === valueOf(row, column.name);
        const exact = typeof figure?.value === 'number' ? `${figure.value} ${column.unit}`.trim() : '';
        return (
          <td
            key={column.name}
            class={isBest ? 'is-number is-best' : 'is-number'}
            title={[exact, figure?.hint].filter(Boolean).join('. ')}
          >
            {figureText(figure) || <span class="muted">too small</span>}
            {isBest && <span class="visually-hidden"> (best)</span>}
          </td>
        );
      })}
    </>
  );
}

/** Why the picture cannot be shown, in its place; else `children`. */
function ProblemOf(props: { picture: ComparedPicture; children: ComponentChildren }) {
  const { told, id } = props.picture;
  if (told === undefined || !('problem' in told)) return <>{props.children}</>;
  return (
    <span class="image-problem" role="alert">
      <Icon name="error" /> {told.problem}{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          void attempt(() => host.request('reload', { id }));
        }}
      >
        Look again
      </button>
    </span>
  );
}

function Actions({ picture: { id, name, isReference } }: { picture: ComparedPicture }) {
  return (
    <td>
      <span class="image-actions">
        {!isReference && (
          <Button
            appearance="icon"
            icon="target"
            title={`Make ${name} the reference`}
            onPress={() => {
              update({ reference: id });
            }}
          />
        )}
        <Button
          appearance="icon"
          icon="close"
          title={`Remove ${name} from this comparison; its file stays`}
          onPress={() => {
            void attempt(() => host.request('remove', { id }));
          }}
        />
      </span>
    </td>
  );
}
