/** The data set page: what there is, HR and LR side by side, all images, their problems, charts, and the degradation. */
import { Button } from '../kit/controls';
import { cellOf } from '../kit/cell';
import { Broken, Empty, Loading } from '../kit/states';
import { Stage } from '../stage/stage';
import type { DatasetHeader, DatasetPageImage } from '../../protocol/dataset-page';
import {
  broken,
  collection,
  found,
  header,
  listing,
  page,
  perform,
  problem,
  selected,
} from './dataset-page-state';
import { Distribution } from './distribution';
import { DegradationSection } from './editor/degradation-section';
import { DatasetPageHeader } from './header';
import { ImageDetails } from './image-details';
import { ImagePanel } from './image-panel';
import { NotTaken } from './not-taken';
import { pairOf } from './pictures-of';
import { Problems } from './problems';

const stageCell = cellOf(page, 'stage');

export function DatasetPage() {
  if (broken.value !== null) {
    return (
      <Broken title="This data set cannot be shown" message={broken.value}>
        <Button
          icon="json"
          onPress={() => {
            perform('openAsText');
          }}
        >
          Open as text
        </Button>
        <Button
          icon="folder-opened"
          onPress={() => {
            perform('revealFolder');
          }}
        >
          Reveal folder
        </Button>
        {problem.value && <p>{problem.value}</p>}
      </Broken>
    );
  }
  return header.value ? <Shown header={header.value} /> : <Loading what="Reading the data set" />;
}

function Shown({ header: now }: { header: DatasetHeader }) {
  const image = selected.value;
  return (
    <>
      <DatasetPageHeader header={now} />
      <main class="dataset-main">
        {image ? (
          <div class="dataset-columns">
            <section class="dataset-pictures" aria-label="Pictures">
              <Stage
                name={image.name}
                pictures={pairOf(now, image)}
                state={stageCell}
                upcoming={neighbour(now, image)}
              />
              <ImageDetails image={image} header={now} />
            </section>
            <ImagePanel />
          </div>
        ) : (
          <NoImages header={now} />
        )}
        {image && (
          <>
            <Problems header={now} />
            <Distribution name={now.name} />
            <DegradationSection header={now} image={image} />
          </>
        )}
        <NotTaken header={now} />
      </main>
    </>
  );
}

function NoImages({ header: { contents } }: { header: DatasetHeader }) {
  if (!listing.value.complete) return <Loading what="Reading the images" />;
  if (contents === null) {
    return (
      <Empty title="No images yet">
        <p>They are shown when the data set is complete.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No images">
      <p>Nothing could be taken into this data set; the reasons are below.</p>
    </Empty>
  );
}

/** Pictures of the next image in the list, the likeliest to be looked at. */
function neighbour(now: DatasetHeader, image: DatasetPageImage): string[] {
  const { images } = collection.value;
  const place = found.value.indexOf(collection.value.indexOf(image.name));
  const next = images[found.value[place + 1] ?? -1];
  return next === undefined ? [] : pairOf(now, next).map(({ uri }) => uri);
}
