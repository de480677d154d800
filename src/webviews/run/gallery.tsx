/** The pictures first: one validation image on the stage, with a scrubber over all the steps at which it was sampled. */
import { Dropdown, Segmented } from '../kit/controls';
import { count } from '../kit/format';
import { cellOf } from '../kit/cell';
import { Empty } from '../kit/states';
import { Stage } from '../stage/stage';
import type { StageCrops } from '../stage/crops';
import { keepCrop, page, removeCrop, type Run } from './run-page-state';
import { picturesGivenUp, sampleIndex, sampleScore, stagePictures } from './samples';
import { stageAt, stageTitles } from './words';

const stageCell = cellOf(page, 'stage');
const MANY = 4;

export function Gallery({ run }: { run: Run }) {
  const { samples, record, configuration } = run;
  const { image: chosen, step } = page.value;
  const image = samples.find(({ name }) => name === chosen) ?? samples[0];
  if (!image) {
    return (
      <Empty icon="device-camera" title="No pictures yet">
        <p>
          The first ones come with the first validation, at step {count(configuration.validation.every)}. A
          data set without validation images has none.
        </p>
      </Empty>
    );
  }

  const index = sampleIndex(image.sr, step);
  const sample = image.sr[index];
  const score = sample && sampleScore(record.validationLines, image.name, sample.step);
  const select = (asked: number) => {
    const next = Math.min(image.sr.length - 1, Math.max(0, asked));
    const last = next === image.sr.length - 1;
    page.value = { ...page.value, step: last ? null : (image.sr[next]?.step ?? null) };
  };
  const givenUp = picturesGivenUp(record.validationLines, image);
  const neighbours = [image.sr[index - 1], image.sr[index + 1]].flatMap((near) => (near ? [near.uri] : []));

  return (
    <section class="gallery" aria-label="Samples">
      <ImageChoice names={samples.map(({ name }) => name)} selected={image.name} />
      <Stage
        name={image.name}
        pictures={stagePictures(image, index, score)}
        state={stageCell}
        upcoming={neighbours}
        crops={cropsOf(run, image.name)}
        steps={
          sample && {
            values: image.sr.map((entry) => entry.step),
            index,
            select,
            describe: (at) => stageTitles[stageAt(configuration.stages, at)],
          }
        }
      />
      {givenUp > 0 && (
        <p class="muted">
          Pictures of {count(image.sr.length)} of {count(image.sr.length + givenUp)} validations are kept,
          evenly spread: all of them would take more than the budget (<code>validation.sampleBudget</code>).
        </p>
      )}
      {!sample && (
        <p class="muted">
          SR pictures come with the first validation, at step {count(configuration.validation.every)}.
        </p>
      )}
    </section>
  );
}

function cropsOf({ crops }: Run, image: string): StageCrops {
  return {
    kept: crops.filter((crop) => crop.image === image),
    keep: ({ name, left, top, width, height }) => {
      keepCrop({ image, name, left, top, width, height });
    },
    remove: (name) => {
      removeCrop(image, name);
    },
  };
}

function ImageChoice({ names, selected }: { names: string[]; selected: string }) {
  if (names.length < 2) return null;
  const choices = names.map((name) => ({ value: name, label: name }));
  const choose = (name: string) => {
    page.value = { ...page.value, image: name };
  };
  return (
    <div class="image-choice">
      {names.length > MANY ? (
        <Dropdown label="Validation image" choices={choices} value={selected} onChange={choose} />
      ) : (
        <Segmented label="Validation image" choices={choices} value={selected} onChange={choose} />
      )}
    </div>
  );
}
