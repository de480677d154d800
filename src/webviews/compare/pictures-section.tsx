/** The same validation image from every run, with bicubic and HR, in one view that is zoomed and moved together. */
import { Button, Dropdown, Segmented } from '../kit/controls';
import { cellOf } from '../kit/cell';
import { count } from '../kit/format';
import { Empty } from '../kit/states';
import { Stage } from '../stage/stage';
import { stageAt, stageTitles } from '../run/words';
import { keepCrop, page, removeCrop, shownRuns, update } from './compare-page-state';
import { cropsOf, sampleAt, scenePage, scenesOf, stepsOf, type Scene } from './scenes';
import { listed } from './words';

const stageCell = cellOf(page, 'stage');
const MANY_SCENES = 4;
const perPageChoices = ['6', '12', '24'] as const;

export function PicturesSection() {
  const runs = shownRuns.value;
  const scenes = scenesOf(runs);
  const scene = scenes.find(({ key }) => key === page.value.scene) ?? scenes[0];
  return (
    <section class="section compare-pictures" aria-label="Pictures">
      {scene === undefined ? (
        <Empty icon="device-camera" title={runs.length === 0 ? 'No run is shown' : 'No pictures yet'}>
          <p>
            {runs.length === 0
              ? 'Show a run with the eye beside its name.'
              : 'The first ones come with the first validation of a run.'}
          </p>
        </Empty>
      ) : (
        <SceneStage scene={scene} scenes={scenes} />
      )}
    </section>
  );
}

function SceneStage({ scene, scenes }: { scene: Scene; scenes: readonly Scene[] }) {
  const { step, perPage, picturePage } = page.value;
  const steps = stepsOf(scene);
  const { mode } = stageCell.value;
  // Two pictures at a time may be any two.
  const most = mode === 'slider' || mode === 'blink' ? Infinity : perPage;
  const shown = scenePage(scene, step, picturePage, most);
  const last = steps.length - 1;
  const index =
    step === null
      ? last
      : Math.max(
          0,
          steps.findLastIndex((each) => each <= step),
        );
  const select = (asked: number) => {
    const next = Math.min(last, Math.max(0, asked));
    update({ step: next === last ? null : (steps[next] ?? null) });
  };
  const runPictures = scene.samples.length;
  const folders = scene.samples.map(({ run }) => run.folder);
  return (
    <>
      <div class="compare-toolbar">
        <SceneChoice scenes={scenes} selected={scene} />
        {most !== Infinity && runPictures + 2 > 6 && (
          <span class="compare-pages">
            <Segmented
              label="Pictures on a page"
              choices={perPageChoices.map((value) => ({
                value,
                label: value,
                title: `Up to ${value} pictures on a page`,
              }))}
              value={String(perPage) as (typeof perPageChoices)[number]}
              onChange={(value) => {
                update({ perPage: Number(value), picturePage: 0 });
              }}
            />
            <span class="muted">pictures</span>
          </span>
        )}
        {shown.pages > 1 && <Pages page={shown.page} pages={shown.pages} />}
      </div>
      <div
        class={
          most !== Infinity && perPage > 6 && runPictures + 2 > 6 ? 'compare-stage is-large' : 'compare-stage'
        }
      >
        <Stage
          name={scene.label}
          pictures={shown.pictures}
          state={stageCell}
          upcoming={neighbours(scene, steps, index)}
          crops={{
            kept: cropsOf(scene),
            keep: ({ name, left, top, width, height }) => {
              keepCrop(folders, { image: scene.name, name, left, top, width, height });
            },
            remove: (name) => {
              removeCrop(folders, scene.name, name);
            },
          }}
          steps={
            steps.length === 0
              ? undefined
              : { values: steps, index, select, describe: (at) => describeStep(scene, at) }
          }
        />
      </div>
      {shown.without.length > 0 && (
        <p class="muted">No picture of this image yet: {listed(shown.without.map(({ name }) => name))}.</p>
      )}
    </>
  );
}

/** Of runs whose stages do not begin at the same steps there is nothing short to say. */
function describeStep({ samples }: Scene, step: number): string {
  const stages = new Set(samples.map(({ run }) => stageAt(run.content.configuration.stages, step)));
  const [only] = stages;
  return stages.size === 1 ? stageTitles[only!] : '';
}

/** Addresses of the pictures one step earlier and later. */
function neighbours({ samples }: Scene, steps: readonly number[], index: number): string[] {
  return [steps[index - 1], steps[index + 1]].flatMap((step) =>
    step === undefined ? [] : samples.flatMap(({ sample }) => sampleAt(sample.sr, step)?.uri ?? []),
  );
}

function SceneChoice({ scenes, selected }: { scenes: readonly Scene[]; selected: Scene }) {
  if (scenes.length < 2) return <span class="compare-scene">{selected.label}</span>;
  const choices = scenes.map(({ key, label }) => ({ value: key, label }));
  const choose = (key: string) => {
    update({ scene: key });
  };
  return scenes.length > MANY_SCENES ? (
    <Dropdown label="Validation image" choices={choices} value={selected.key} onChange={choose} />
  ) : (
    <Segmented label="Validation image" choices={choices} value={selected.key} onChange={choose} />
  );
}

function Pages({ page: at, pages }: { page: number; pages: number }) {
  const go = (to: number) => {
    update({ picturePage: to });
  };
  return (
    <span class="compare-pages" role="group" aria-label="Pages of pictures">
      <Button
        appearance="icon"
        icon="chevron-left"
        title="Earlier runs"
        disabled={at === 0}
        onPress={() => {
          go(at - 1);
        }}
      />
      <span role="status">
        page {count(at + 1)} of {count(pages)}
      </span>
      <Button
        appearance="icon"
        icon="chevron-right"
        title="More runs"
        disabled={at >= pages - 1}
        onPress={() => {
          go(at + 1);
        }}
      />
    </span>
  );
}
