/** Under the pictures: the selected image in figures, and further down what was left out and why. */
import type { DatasetFile } from '../../protocol/dataset-file';
import type { DatasetPageImage } from '../../protocol/pages';
import { Notice } from '../kit/states';
import { counted } from '../kit/format';
import { check, openSource } from './dataset-page-state';
import { omissionWords } from './words';

export function ImageDetails({ image, scale }: { image: DatasetPageImage; scale: number }) {
  return (
    <div class="image-details">
      <h2>{image.name}</h2>
      <p>
        HR {image.width}×{image.height}, LR {image.width / scale}×{image.height / scale},{' '}
        {image.split === 'train' ? 'for training' : 'held out for validation'}
      </p>
      {image.notes.length > 0 && (
        <ul class="image-notes muted">
          {image.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Omissions({ file }: { file: Omit<DatasetFile, 'images'> }) {
  if (file.omitted.length === 0) return null;
  return (
    <section id="omitted" class="section" aria-label="Left out">
      <h2>{omissionWords(file.omitted)}</h2>
      <div class="table-scroll">
        <table class="omissions">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Why, and what to do</th>
            </tr>
          </thead>
          <tbody>
            {file.omitted.map(({ root, source, reason }) => (
              <tr key={`${root}/${source}`}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    title={`${file.roots[root] ?? ''}/${source}`}
                    onClick={() => {
                      openSource(root, source);
                    }}
                  >
                    {source}
                  </button>
                </th>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What checking the files has found. */
export function CheckReport({ images }: { images: number }) {
  const result = check.value;
  if (result === null || result === 'running') return null;
  const dismiss = () => {
    check.value = null;
  };
  if (result.problems.length === 0) {
    return (
      <Notice severity="success" onDismiss={dismiss}>
        The files of all {counted(images, 'image')} are as they were written.
      </Notice>
    );
  }
  return (
    <Notice severity="error" onDismiss={dismiss}>
      <p>
        {counted(result.problems.length, 'file')} {result.problems.length === 1 ? 'is' : 'are'} not as
        written. Create the data set again, or take these images out.
      </p>
      <ul class="check-problems">
        {result.problems.map(({ file, problem }) => (
          <li key={`${file}${problem}`}>
            <code>{file}</code>: {problem}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
