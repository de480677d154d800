/** Compared images: the answer, what is compared with what and how, the pictures, their figures. */
import { Button } from '../kit/controls';
import { Empty, Loading, Notice } from '../kit/states';
import { Stage } from '../stage/stage';
import { Choices } from './choices';
import { attempt, host, pictures, shown, stageCell, trusted } from './compare-images-state';
import { FiguresTable } from './figures-table';
import { CompareImagesHeader } from './header';

export function CompareImagesPage() {
  const list = pictures.value;
  if (list === null) return <Loading what="Looking for the pictures" />;
  return (
    <>
      <CompareImagesHeader />
      {list.length === 0 ? <NoPictures /> : <Comparison />}
    </>
  );
}

function Comparison() {
  const list = pictures.value ?? [];
  const sentences = list.flatMap(({ sentence }) => sentence ?? []);
  return (
    <main class="compare-images">
      {!trusted.value && <RestrictedMode />}
      <Choices />
      {sentences.length > 0 && (
        <Notice severity="info">
          {sentences.map((sentence) => (
            <div key={sentence}>{sentence}</div>
          ))}
        </Notice>
      )}
      {shown.value.length > 0 ? (
        <Stage name="Compared images" pictures={shown.value} state={stageCell} allValues />
      ) : (
        <NothingToShow />
      )}
      <FiguresTable />
    </main>
  );
}

/** Each picture is being read, or the table below says why it cannot be. */
function NothingToShow() {
  const reading = (pictures.value ?? []).some(({ told }) => told === undefined);
  return reading ? <Loading what="Reading the pictures" /> : null;
}

function RestrictedMode() {
  return (
    <Notice severity="info">
      This workspace is in Restricted Mode: pictures that a browser can read are compared by eye, and nothing
      is measured, because no process may be started on its files.{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          void attempt(() => host.request('manageTrust', {}));
        }}
      >
        Manage Workspace Trust
      </button>
    </Notice>
  );
}

function NoPictures() {
  return (
    <Empty title="No images to compare">
      <p>Two to six pictures of one scene are put side by side here, by eye and in figures.</p>
      <div class="state-actions">
        <Button
          appearance="primary"
          icon="add"
          onPress={() => {
            void attempt(() => host.request('add', {}, { timeout: null }));
          }}
        >
          Add images…
        </Button>
      </div>
    </Empty>
  );
}
