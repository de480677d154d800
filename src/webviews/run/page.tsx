/** The run page: the answer, the pictures, the curves, the details. */
import { useEffect } from 'preact/hooks';
import { Button } from '../kit/controls';
import { percent } from '../kit/format';
import { Broken, Loading, Notice } from '../kit/states';
import { AdviceList } from './advice-list';
import { Configuration } from './configuration';
import { CurvesSection } from './curves-section';
import { CheckpointsSection } from './checkpoints-section';
import { Events } from './events';
import { Gallery } from './gallery';
import { RunHeader } from './header';
import { QualitySection } from './quality-section';
import { broken, page, perform, problem, run, type Run } from './run-page-state';
import { ValidationTable } from './validation-table';

export function RunPage() {
  if (broken.value !== null) {
    return (
      <Broken title="This run cannot be shown" message={broken.value}>
        <Button icon="json" onPress={() => void perform('openConfiguration')}>
          Open configuration
        </Button>
        <Button icon="folder-opened" onPress={() => void perform('revealFolder')}>
          Reveal folder
        </Button>
        {problem.value && <p>{problem.value}</p>}
      </Broken>
    );
  }
  return run.value ? <Shown run={run.value} /> : <Loading what="Reading the run" />;
}

function Shown({ run: shown }: { run: Run }) {
  useEffect(() => {
    window.scrollTo(0, page.peek().scroll);
    const remember = () => {
      page.value = { ...page.peek(), scroll: window.scrollY };
    };
    window.addEventListener('scrollend', remember);
    return () => {
      window.removeEventListener('scrollend', remember);
    };
  }, []);

  return (
    <>
      <RunHeader run={shown} />
      <main class="run-main">
        <Ending run={shown} />
        <Making run={shown} />
        <Gallery run={shown} />
        <AdviceList run={shown} />
        <CurvesSection run={shown} />
        <QualitySection run={shown} />
        <CheckpointsSection run={shown} />
        <ValidationTable run={shown} />
        <Events run={shown} />
        <Configuration run={shown} />
      </main>
    </>
  );
}

/** While a long record is gone through. */
function Making({ run: { making } }: { run: Run }) {
  if (making === null) return null;
  return (
    <Notice severity="info">
      The record of this run is long and is being gone through:{' '}
      {percent(making.done / Math.max(1, making.total))}. Until that is done its newest part is shown.
    </Notice>
  );
}

/** How a run that no longer runs has ended, or why it does not go on, and what can be done. */
function Ending({ run: { status } }: { run: Run }) {
  switch (status.state) {
    case 'running':
      return status.phase === 'waiting' || status.suspended ? (
        <Notice severity={status.suspended ? 'warning' : 'info'}>{status.message}</Notice>
      ) : null;
    case 'finished':
      return <Notice severity="success">{status.message}</Notice>;
    case 'failed':
    case 'crashed':
      return (
        <Notice severity="error">
          {status.message}{' '}
          <button type="button" class="link" onClick={() => void perform('openLog')}>
            Open log
          </button>
        </Notice>
      );
    case 'new':
    case 'stopped':
    case 'elsewhere':
      return <Notice severity="info">{status.message}</Notice>;
  }
}
