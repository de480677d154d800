/** Under the pictures: the selected image in figures, what is wrong with it, and what can be done about that. */
import type { DatasetHeader, DatasetPageImage } from '../../protocol/dataset-page';
import { Button } from '../kit/controls';
import { Icon } from '../kit/icon';
import { collection, leaveOut, openSource, work } from './dataset-page-state';
import { measureKeys } from './image-collection';
import { measureHints, measureLabels, measureWords, problemLabels } from './words';

export function ImageDetails({ image, header }: { image: DatasetPageImage; header: DatasetHeader }) {
  const { scale, roots } = header;
  const index = collection.value.indexOf(image.name);
  const problems = collection.value.problemsOf(index);
  return (
    <div class="image-details">
      <div class="image-headline">
        <h2>{image.name}</h2>
        <span class="image-actions">
          <Button
            icon="folder-opened"
            title={`${roots[image.root] ?? ''}/${image.source}`}
            onPress={() => {
              openSource(image);
            }}
          >
            Open source
          </Button>
          <Button
            icon="trash"
            disabled={work.value !== null}
            title="Take it out of the data set (Delete); its source stays where it is"
            onPress={() => void leaveOut([image.name])}
          >
            Leave out
          </Button>
        </span>
      </div>
      <dl class="facts">
        <Fact term="HR" value={`${image.width}×${image.height}`} />
        <Fact term="LR" value={`${image.width / scale}×${image.height / scale}`} />
        <Fact term="Split" value={image.split === 'train' ? 'training' : 'validation'} />
        {image.crop && <Fact term="Cut at" value={`${image.crop.left}, ${image.crop.top}`} />}
        {image.measures &&
          measureKeys.map((key) => (
            <Fact
              key={key}
              term={measureLabels[key]}
              value={measureWords(key, collection.value.column(key)[index] ?? Number.NaN)}
              hint={measureHints[key]}
            />
          ))}
      </dl>
      {problems.length > 0 && (
        <p class="image-problem">
          <Icon name="warning" /> {problems.map((kind) => problemLabels[kind]).join(', ')}
        </p>
      )}
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

function Fact({ term, value, hint }: { term: string; value: string; hint?: string }) {
  return (
    <div title={hint}>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
