/** The transfer page: the answer first, then the curve or the stages with their table, then what is confused with what. */
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { Button } from '../kit/controls';
import { Broken, Empty, Loading, Problem } from '../kit/states';
import { Confusion, Mistakes } from './answers';
import { FeatureMap } from './feature-map';
import { CurveSection, EpochsSection, ProbeSection } from './results';
import { broken, openConfiguration, problem, revealFolder, snapshot } from './state';
import { classCounts, curveAnswer, percent } from './words';

const kinds = { probe: 'Linear probe', curve: 'Few-label curve', finetune: 'Fine-tuning' };

export function TransferPage() {
  if (broken.value !== null) {
    return <Broken title="This measurement cannot be shown" message={broken.value} />;
  }
  const now = snapshot.value;
  if (now === null) return <Loading what="Reading the measurement" />;
  const { probe, curve, fineTuning, epochs } = now;
  const empty = probe === null && curve === null && epochs.length === 0;
  const answers = probe ?? fineTuning;
  return (
    <>
      <Header now={now} />
      <main class="transfer-main">
        {empty && (
          <Empty icon="inbox" title={now.running ? 'Measuring …' : 'Nothing has been measured yet'}>
            <p>
              {now.running
                ? 'Results appear here as they are written.'
                : 'It was interrupted before there was a result; it goes on when its command is run again.'}
            </p>
          </Empty>
        )}
        {curve !== null && <CurveSection now={now} curve={curve} />}
        {probe !== null && <ProbeSection now={now} probe={probe} />}
        {epochs.length > 0 && <EpochsSection now={now} />}
        {answers !== null && <Mistakes now={now} mistakes={answers.mistakes} />}
        {answers !== null && <Confusion now={now} matrix={answers.confusion} />}
        {probe !== null && <FeatureMap now={now} map={probe.map} />}
        <DataSection now={now} />
      </main>
    </>
  );
}

function Header({ now }: { now: TransferSnapshot }) {
  const { configuration, runName } = now;
  return (
    <header class="page-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name">{configuration.name}</h1>
          <span>
            {kinds[configuration.what]} of {runName}
          </span>
          <span role="status">{answerOf(now)}</span>
        </div>
        <span class="page-actions">
          <Button icon="json" title="Open transfer.srgan.json as text" onPress={openConfiguration}>
            Settings
          </Button>
          <Button icon="folder-opened" title="Show the folder in the file manager" onPress={revealFolder}>
            Folder
          </Button>
        </span>
      </div>
      <Problem problem={problem} />
    </header>
  );
}

/** The result in a sentence, as far as there is one. */
function answerOf({ probe, curve, fineTuning, epochs, configuration, running }: TransferSnapshot): string {
  if (fineTuning !== null) return `${percent(fineTuning.test)} of the test images are right.`;
  if (epochs.length > 0) {
    const best = Math.max(...epochs.map(({ validation }) => validation.accuracy));
    return `Epoch ${epochs.length} of at most ${configuration.fineTuning.epochs}; best on validation ${percent(best)}.`;
  }
  if (probe !== null) {
    const best = probe.rows[probe.best]!;
    return `Best on validation: ${best.stage}, ${percent(best.accuracy.mean)} of the test images right.`;
  }
  if (curve !== null) return curveAnswer(curve, running);
  return '';
}

function DataSection({ now: { data } }: { now: TransferSnapshot }) {
  if (data === null) return null;
  const { classes, images, problems, side } = data;
  return (
    <section class="section" aria-label="Images">
      <h2>Images</h2>
      <p>
        {images.length} images of {classes.length} classes at {side}×{side} pixels: {classCounts(data)}.
      </p>
      {problems.length > 0 && (
        <details>
          <summary>{problems.length} left out</summary>
          <ul>
            {problems.map(({ file, reason }, index) => (
              <li key={index}>
                <code>{file}</code>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
