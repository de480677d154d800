/** The answer first, in one line that stays: state, quality against bicubic, engine, progress, time left, what to do. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunStatus } from '../../protocol/pages';
import { Button } from '../kit/controls';
import { count, decibels, seconds, timeLeft } from '../kit/format';
import { Icon, type IconName } from '../kit/icon';
import { MenuButton } from '../kit/menu';
import { Problem } from '../kit/states';
import { useSteadyHeight } from '../kit/use-steady-height';
import { evaluateCheckpoints, perform, problem, type Run } from './run-page-state';
import { againstBicubic, engineNote, engineWords, extentWords, stateWord } from './words';

const icons: Record<RunStatus['state'], IconName> = {
  new: 'circle-outline',
  running: 'vm-running',
  finished: 'pass',
  stopped: 'debug-stop',
  failed: 'error',
  crashed: 'error',
  elsewhere: 'vm-running',
};

const resumable: readonly RunStatus['state'][] = ['new', 'stopped', 'failed', 'crashed'];

export function RunHeader({ run }: { run: Run }) {
  const { status, configuration, record } = run;
  const latest = record.latestValidation();
  const engine = engineWords(status);
  const share = status.totalSteps > 0 ? status.step / status.totalSteps : 0;
  const facts = useRef<HTMLDivElement>(null);
  useSteadyHeight(facts);
  return (
    <header class="page-header">
      <div class="page-line">
        <div class="page-facts" ref={facts}>
          <h1 class="page-name" title={run.folder}>
            {configuration.name}
          </h1>
          <span class={`run-state run-state-${status.state}`} title={status.message} role="status">
            <Icon name={icons[status.state]} />
            {stateWord(status)}
          </span>
          {latest && (
            <span
              class="run-quality"
              title={`PSNR on Y, border = scale: ${extentWords(latest, configuration.validation.crop)}, at step ${count(latest.step)}`}
            >
              <strong>{againstBicubic(latest)}</strong>{' '}
              <span class="muted">({decibels(latest.model.psnr)})</span>
            </span>
          )}
          <span class="run-fact">
            step {count(status.step)} <span class="muted">of {count(status.totalSteps)}</span>
          </span>
          {status.secondsPerStep !== null && (
            <span class="run-fact">{seconds(status.secondsPerStep)}/step</span>
          )}
          {status.state === 'running' && status.secondsLeft !== null && (
            <span class="run-fact">{timeLeft(status.secondsLeft)}</span>
          )}
          {engine && (
            <span class="run-fact run-engine muted" title={engineNote(status, configuration.engine) ?? ''}>
              {engine}
            </span>
          )}
        </div>
        <span class="page-actions">
          <MainAction status={status} />
          <MenuButton
            label="More actions"
            items={[
              { label: 'Open configuration', icon: 'json', run: () => void perform('openConfiguration') },
              { label: `Open data set`, icon: 'inbox', run: () => void perform('openDataset') },
              {
                label: 'Evaluate checkpoints…',
                icon: 'graph',
                run: () => void evaluateCheckpoints(),
              },
              { label: 'Open log', icon: 'output', run: () => void perform('openLog') },
              { label: 'Reveal folder', icon: 'folder-opened', run: () => void perform('revealFolder') },
            ]}
          />
        </span>
      </div>
      <div
        class={`run-progress ${status.state === 'running' ? 'is-running' : ''}`}
        role="progressbar"
        aria-label="Steps done"
        aria-valuemin={0}
        aria-valuemax={status.totalSteps}
        aria-valuenow={status.step}
      >
        <div style={{ transform: `scaleX(${Math.min(1, share)})` }} />
      </div>
      <Problem problem={problem} />
    </header>
  );
}

/** A second press sooner than this is a double click. */
const SECOND_PRESS_MS = 2500;

/** Whether `value` has been true for so long. */
function useTrueFor(value: boolean, milliseconds: number): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!value) return;
    const timer = setTimeout(() => {
      setLong(true);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [value, milliseconds]);
  return long;
}

/** Stop while it runs, resume where that is possible; disabled from the press to the answer. */
function MainAction({ status }: { status: RunStatus }) {
  const [asked, setAsked] = useState(false);
  const stopping = status.state === 'running' && (asked || status.phase === 'stopping');
  const offersEnd = useTrueFor(stopping, SECOND_PRESS_MS);
  const act = (request: 'stop' | 'resume' | 'startNow') => {
    setAsked(true);
    void perform(request).finally(() => {
      setAsked(false);
    });
  };
  if (status.state === 'running') {
    if (offersEnd) {
      return (
        <Button
          icon="debug-stop"
          title="End the trainer at once: what it learned since its last checkpoint is lost"
          onPress={() => void perform('endNow')}
        >
          End now
        </Button>
      );
    }
    const stop = (
      <Button
        icon="debug-stop"
        disabled={stopping}
        title={
          status.phase === 'waiting' ? 'Leave the queue' : 'Stop after the current step and keep a checkpoint'
        }
        onPress={() => {
          act('stop');
        }}
      >
        {stopping ? 'Stopping…' : 'Stop'}
      </Button>
    );
    if (status.phase !== 'waiting') return stop;
    return (
      <>
        <Button
          appearance="primary"
          icon="play"
          disabled={asked}
          title="Train now, before its turn, beside the runs that train already"
          onPress={() => {
            act('startNow');
          }}
        >
          Start now
        </Button>
        {stop}
      </>
    );
  }
  if (!resumable.includes(status.state)) return null;
  const word = status.state === 'new' ? 'Start' : 'Resume';
  return (
    <Button
      appearance="primary"
      icon="play"
      disabled={asked}
      title={status.state === 'new' ? 'Start training' : 'Go on from the last checkpoint'}
      onPress={() => {
        act('resume');
      }}
    >
      {asked ? `${word === 'Start' ? 'Starting' : 'Resuming'}…` : word}
    </Button>
  );
}
