/** What is not in the data set: files that could not be taken, with their reasons, and images that a person took out. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { DatasetHeader, LeftOutImage } from '../../protocol/dataset-page';
import { Button } from '../kit/controls';
import { counted } from '../kit/format';
import { listing, openSource, putBack, work } from './dataset-page-state';
import { omissionWords } from './words';

/** Rows of a table before a person asks for more. */
const FEW = 50;

export function NotTaken({ header }: { header: DatasetHeader }) {
  const { omitted } = listing.value;
  const { leftOut } = header;
  return (
    <>
      {leftOut.length > 0 && (
        <section id="left-out" class="section" aria-label="Left out by hand">
          <div class="section-header">
            <h2>{counted(leftOut.length, 'image')} left out by hand</h2>
            <Button icon="discard" disabled={work.value !== null} onPress={() => void putBack(leftOut)}>
              Put {leftOut.length === 1 ? 'it' : 'all'} back
            </Button>
          </div>
          <FileTable
            header={header}
            head="What to do"
            files={leftOut}
            cell={(image) => (
              <button
                type="button"
                class="link"
                aria-label={`Put ${image.source}${placeWords(image)} back`}
                disabled={work.value !== null}
                onClick={() => void putBack([image])}
              >
                Put back
              </button>
            )}
          />
        </section>
      )}
      {omitted.length > 0 && (
        <section id="omitted" class="section" aria-label="Left out">
          <h2>{omissionWords(omitted.length)}</h2>
          <FileTable
            header={header}
            head="Why, and what to do"
            files={omitted}
            cell={({ reason }) => reason}
          />
        </section>
      )}
    </>
  );
}

/** Where a sub-image lies in its file; nothing for a whole image. */
function placeWords({ crop }: Pick<LeftOutImage, 'crop'>): string {
  return crop === undefined ? '' : ` at ${crop.left}, ${crop.top}`;
}

interface FileTableProps<T extends LeftOutImage> {
  header: DatasetHeader;
  head: string;
  files: readonly T[];
  cell: (file: T) => ComponentChildren;
}

function FileTable<T extends LeftOutImage>({ header, head, files, cell }: FileTableProps<T>) {
  const [all, setAll] = useState(false);
  return (
    <>
      <div class="table-scroll">
        <table class="files">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">{head}</th>
            </tr>
          </thead>
          <tbody>
            {(all ? files : files.slice(0, FEW)).map((file, index) => (
              <tr key={index}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    title={`${header.roots[file.root] ?? ''}/${file.source}`}
                    onClick={() => {
                      openSource(file);
                    }}
                  >
                    {file.source}
                  </button>
                  {placeWords(file)}
                </th>
                <td>{cell(file)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {files.length > FEW && (
        <button
          type="button"
          class="link"
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? 'Show fewer' : `Show all ${files.length}`}
        </button>
      )}
    </>
  );
}
