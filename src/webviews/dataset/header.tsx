/** What the data set is, in one line, what can be done with it, and what is being done. */
import { Button } from '../kit/controls';
import { timeLeft } from '../kit/format';
import { MenuButton, type MenuItem } from '../kit/menu';
import { Notice, Problem } from '../kit/states';
import { degradationInWords } from '../../protocol/degradation-words';
import type { DatasetHeader, DatasetWork } from '../../protocol/dataset-page';
import { checkFiles, listing, perform, problem, putBack, undo, work } from './dataset-page-state';
import { count, counted } from '../kit/format';
import { CheckReport } from './check-report';
import { degradationDetails, omissionWords, sizeWords, splitWords } from './words';

export function DatasetPageHeader({ header }: { header: DatasetHeader }) {
  const { contents, degradation } = header;
  const { omitted } = listing.value;
  const busy = work.value !== null;
  return (
    <header class="page-header dataset-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name" title={header.folder}>
            {header.name}
          </h1>
          <strong>{contents ? splitWords(contents) : 'Not complete'}</strong>
          <span>×{header.scale}</span>
          <span class="dataset-degradation" title={degradationDetails(degradation)}>
            {header.adopted ? 'adopted pairs' : degradationInWords(degradation)}
          </span>
          <span class="muted dataset-sizes" title="HR width and height, in pixels">
            {sizeWords(contents)}
          </span>
          {omitted.length > 0 && (
            <a class="dataset-omitted" href="#omitted">
              {omissionWords(omitted.length)}
            </a>
          )}
        </div>
        <span class="page-actions">
          <Button
            appearance="primary"
            icon="play"
            disabled={contents === null || contents.train === 0}
            onPress={() => {
              perform('startTraining');
            }}
          >
            Start training…
          </Button>
          <Button
            icon="check"
            disabled={busy || contents === null}
            title="Read every file again and compare it with its hash"
            onPress={() => void checkFiles()}
          >
            Check files
          </Button>
          <MenuButton label="More actions" items={actions(busy)} />
        </span>
      </div>
      {work.value && <Work work={work.value} />}
      {!contents && !work.value && <Incomplete />}
      <Undo />
      <CheckReport />
      <Problem problem={problem} />
    </header>
  );
}

function actions(busy: boolean): MenuItem[] {
  const item = (label: string, icon: MenuItem['icon'] & string, request: Parameters<typeof perform>[0]) => ({
    label,
    icon,
    run: () => {
      perform(request);
    },
  });
  return [
    ...(busy
      ? []
      : [
          item('Update from its folders', 'debug-restart', 'update'),
          item('Analyse again', 'graph', 'analyse'),
        ]),
    item('Open as text', 'json', 'openAsText'),
    item('Reveal folder', 'folder-opened', 'revealFolder'),
  ];
}

function Work({ work: { title, progress } }: { work: DatasetWork }) {
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const words = [
    title,
    ...(progress && progress.total > 0
      ? [`${count(progress.done)} of ${count(progress.total)} ${progress.unit}`]
      : []),
    ...(progress && progress.secondsLeft !== null && progress.done < progress.total
      ? [timeLeft(progress.secondsLeft)]
      : []),
  ];
  return (
    <div class="dataset-work">
      <div
        class="dataset-progress"
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
      <div class="dataset-work-line">
        <span role="status">{words.join(' · ')}</span>
        <Button
          icon="debug-stop"
          title="What is done is kept"
          onPress={() => {
            perform('stopWork');
          }}
        >
          Stop
        </Button>
      </div>
    </div>
  );
}

function Incomplete() {
  const there = listing.value.images.length;
  return (
    <Notice severity="warning">
      <p>
        This data set is not complete: it is being made elsewhere, or that was interrupted.{' '}
        {there > 0 && `${counted(there, 'image')} of it ${there === 1 ? 'is' : 'are'} there. `}
        No run can use it until it is complete.
      </p>
      <p class="notice-actions">
        <Button
          icon="debug-start"
          onPress={() => {
            perform('update');
          }}
        >
          Continue
        </Button>
      </p>
    </Notice>
  );
}

/** What was taken out last, for as long as nothing else was. */
function Undo() {
  const images = undo.value;
  if (images === null) return null;
  return (
    <Notice
      severity="info"
      onDismiss={() => {
        undo.value = null;
      }}
    >
      {counted(images.length, 'image')} left out.{' '}
      <button type="button" class="link" onClick={() => void putBack(images)}>
        Undo
      </button>
    </Notice>
  );
}
