/** The preview: a line about the picture and what enlarges it, the picture, and what is known of it. */
import { Button } from '../kit/controls';
import { Broken, Loading, Notice, Problem } from '../kit/states';
import type { StagePicture } from '../stage/panes';
import { Stage } from '../stage/stage';
import { offerPictures, rememberSight } from './copy';
import { Details } from './details';
import { PreviewHeader } from './header';
import {
  address,
  attempt,
  broken,
  enlargement,
  facts,
  file,
  host,
  look,
  page,
  problem,
  stageCell,
  thumbnail,
  trusted,
} from './preview-page-state';
import { inFilePixels } from './view-scale';

export function PreviewPage() {
  if (broken.value !== null) return <BrokenFile message={broken.value} />;
  if (file.value === null) return <Loading what="Looking at the file" />;
  return (
    <div class={`preview ${page.value.details ? 'preview-with-details' : ''}`}>
      <PreviewHeader />
      <main class="preview-stage">
        <Problem problem={problem} />
        {!trusted.value && (
          <Notice severity="info">
            This workspace is in Restricted Mode: the picture is shown, and nothing is computed. <TrustLink />
          </Notice>
        )}
        <Picture />
      </main>
      {page.value.details && <Details />}
    </div>
  );
}

function Picture() {
  const shown = picturesOf();
  offerPictures(shown);
  if (shown.length === 0) return <Loading what="Decoding the picture" />;
  return (
    <Stage
      name={file.value!.name}
      pictures={shown}
      state={stageCell}
      allValues
      onSight={(sight, scene) => {
        const { width } = facts.value ?? { width: scene.width };
        look(inFilePixels(sight, scene.width / width));
        rememberSight(sight, scene);
      }}
    />
  );
}

/** The file alone; or beside its enlargement, in bicubic where that is something else. */
function picturesOf(): StagePicture[] {
  const own = (facts.value?.rendered ?? null) === null ? file.value!.uri : null;
  const small = thumbnail.value;
  const uri = address.value ?? own ?? small?.uri;
  if (uri === undefined) return [];
  const base = { uri, thumbnail: small };
  const original: StagePicture = { id: 'original', label: 'Original', role: 'lr', ...base };
  const enlarged = enlargement.value;
  if (!enlarged) return [original];
  const { about, bicubic, result } = enlarged;
  const label = `${about.description}, ×${about.scale}`;
  return [
    bicubic ? { ...original, label: `Original, bicubic ×${about.scale}`, tiles: bicubic } : original,
    { id: 'result', label, role: 'sr', tiles: result, ...base },
  ];
}

function BrokenFile({ message }: { message: string }) {
  return (
    <Broken title="This picture cannot be shown" message={message}>
      <Button
        icon="debug-restart"
        onPress={() => {
          attempt(host.request('reload', {}));
        }}
      >
        Look again
      </Button>
      {!trusted.value && <TrustLink />}
    </Broken>
  );
}

function TrustLink() {
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        attempt(host.request('manageTrust', {}));
      }}
    >
      Manage Workspace Trust
    </button>
  );
}
