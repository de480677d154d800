/** The Engine Doctor: what `auto` takes and why, whether a GPU is used, each engine with its next step, and the machine. */
import type { DoctorReport } from '../../protocol/engine-report';
import { gpuAnswer, machineFacts } from '../../protocol/engine-words';
import type { EnginesSnapshot } from '../../protocol/pages';
import { Button, ProgressRing } from '../kit/controls';
import { dateTime } from '../kit/format';
import { Empty, Loading, Notice, Problem } from '../kit/states';
import { EngineCard } from './engine-card';
import { copied, copy, measure, problem, snapshot, stop } from './engines-page-state';

export function EnginesPage() {
  const now = snapshot.value;
  if (now === null) return <Loading what="Asking for the report" />;
  return (
    <>
      <Header now={now} />
      <main class="engines-main" aria-busy={now.progress !== null}>
        {now.problem !== null && <Notice severity="error">{now.problem}</Notice>}
        {now.report === null ? <Unmeasured now={now} /> : <Report report={now.report} />}
      </main>
    </>
  );
}

function Header({ now: { report, measuredAt, progress } }: { now: EnginesSnapshot }) {
  return (
    <header class="page-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name">Engine Doctor</h1>
          <span class="engines-progress" role="status">
            {progress !== null ? (
              <>
                <ProgressRing label="Measuring" />
                {progress}
              </>
            ) : (
              measuredAt !== null && <span class="muted">measured {dateTime(measuredAt)}</span>
            )}
          </span>
        </div>
        <span class="page-actions">
          <span class="muted" role="status">
            {copied.value && 'Copied'}
          </span>
          {report !== null && (
            <Button icon="clippy" title="Copy the report as text" onPress={() => void copy()}>
              Copy
            </Button>
          )}
          {progress !== null ? (
            <Button icon="debug-stop" title="Stop measuring; the report before it stays" onPress={stop}>
              Stop
            </Button>
          ) : (
            <Button appearance="primary" icon="play" onPress={measure}>
              {report === null ? 'Measure' : 'Measure again'}
            </Button>
          )}
        </span>
      </div>
      <Problem problem={problem} />
    </header>
  );
}

function Unmeasured({ now: { progress } }: { now: EnginesSnapshot }) {
  return progress === null ? (
    <Empty icon="search" title="Nothing has been measured yet">
      <p>The doctor tries each engine in a process of its own and trains on it for ten seconds.</p>
    </Empty>
  ) : (
    <Empty icon="search" title="Trying each engine, and training on it for ten seconds">
      <p>Other work on this machine makes the figures worse.</p>
    </Empty>
  );
}

function Report({ report }: { report: DoctorReport }) {
  const { engines, chosen } = report;
  return (
    <>
      <section class="section engines-answers" aria-label="Answers">
        <dl>
          <div>
            <dt>What does auto take?</dt>
            <dd>
              <strong>The {chosen.engine} engine.</strong> {chosen.reason}
            </dd>
          </div>
          <div>
            <dt>Is my GPU used?</dt>
            <dd>{gpuAnswer(report)}</dd>
          </div>
        </dl>
      </section>
      <div class="engines-cards">
        {engines.map((engine, index) => (
          <EngineCard key={`${engine.name} ${index}`} engine={engine} />
        ))}
      </div>
      <section class="section" aria-label="This machine">
        <h2>This machine</h2>
        <dl class="engines-facts">
          {machineFacts(report).map(([what, value]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
