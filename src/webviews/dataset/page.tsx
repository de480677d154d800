/** The dataset page: what there is, HR and LR side by side, the images, and what was left out. */
import type { DatasetPageImage, DatasetSnapshot } from '../../protocol/pages';
import { Button } from '../kit/controls';
import { cellOf } from '../kit/cell';
import { Broken, Empty, Loading } from '../kit/states';
import type { StagePicture } from '../stage/panes';
import { Stage } from '../stage/stage';
import { broken, dataset, page, perform, problem } from './dataset-page-state';
import { CheckReport, ImageDetails, Omissions } from './details';
import { DatasetHeader } from './header';
import { ImageList } from './image-list';

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
  return dataset.value ? <Shown dataset={dataset.value} /> : <Loading what="Reading the data set" />;
}

function Shown({ dataset: shown }: { dataset: DatasetSnapshot }) {
  const { file, images } = shown;
  const image = images.find(({ name }) => name === page.value.image) ?? images[0];
  return (
    <>
      <DatasetHeader dataset={shown} />
      <main class="dataset-main">
        <CheckReport images={images.length} />
        {image ? (
          <div class="dataset-columns">
            <section class="dataset-pictures" aria-label="Pictures">
              <Stage
                name={image.name}
                pictures={pairOf(image, file.scale)}
                state={stageCell}
                upcoming={neighbours(images, image)}
              />
              <ImageDetails image={image} scale={file.scale} />
            </section>
            <ImageList images={images} selected={image.name} />
          </div>
        ) : (
          <Empty title="No images">
            <p>Every file was left out; the reasons are below.</p>
          </Empty>
        )}
        <Omissions file={file} />
      </main>
    </>
  );
}

function pairOf(image: DatasetPageImage, scale: number): StagePicture[] {
  return [
    {
      id: 'lr',
      label: `LR ${image.width / scale}×${image.height / scale}, enlarged`,
      role: 'lr',
      uri: image.lr,
    },
    { id: 'hr', label: `HR ${image.width}×${image.height}`, role: 'hr', uri: image.hr },
  ];
}

/** Pictures of the next image, the likeliest to be looked at. */
function neighbours(images: readonly DatasetPageImage[], image: DatasetPageImage): string[] {
  const next = images[images.indexOf(image) + 1];
  return next ? [next.lr, next.hr] : [];
}
