/** The latest validation, image by image: bicubic, model, gain, NIQE. A row puts its image on the stage. */
import { count, decibels, dateTime, fixed, gain } from '../kit/format';
import type { NiqeScores, Score } from '../../protocol/metrics';
import { niqeLabel } from '../../protocol/score-words';
import { Empty } from '../kit/states';
import { niqeBeside } from './niqe-beside';
import { page, type Run } from './run-page-state';
import { extentWords, stageTitles } from './words';

export function ValidationTable({ run }: { run: Run }) {
  const { record, configuration, samples } = run;
  const line = record.latestValidation();
  if (!line) {
    return (
      <section class="section" aria-label="Validation">
        <h2>Validation</h2>
        <Empty title="Nothing validated yet">
          <p>The first validation comes at step {count(configuration.validation.every)}.</p>
        </Empty>
      </section>
    );
  }
  const niqe = niqeBeside(line, record.validationLines);
  const selected = page.value.image ?? samples[0]?.name;
  return (
    <section class="section" aria-label="Validation">
      <div class="section-header">
        <h2>Validation</h2>
        <span class="muted" title={dateTime(line.time)}>
          step {count(line.step)}, {stageTitles[line.stage]},{' '}
          {extentWords(line, configuration.validation.crop)}
        </span>
      </div>
      <div class="table-scroll">
        <table class="scores">
          <thead>
            <tr>
              <th scope="col">Image</th>
              <th scope="col">Bicubic PSNR</th>
              <th scope="col">SR PSNR</th>
              <th scope="col">Gain</th>
              <th scope="col">Bicubic SSIM</th>
              <th scope="col">SR SSIM</th>
              {niqe && (
                <>
                  <th scope="col">Bicubic NIQE</th>
                  <th scope="col">SR NIQE</th>
                  <th scope="col">HR NIQE</th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {line.images.map((image) => (
              <tr key={image.name} class={image.name === selected ? 'is-selected' : ''}>
                <th scope="row">
                  <ImageName name={image.name} shown={samples.some(({ name }) => name === image.name)} />
                </th>
                <ScoreCells bicubic={image.bicubic} model={image.model} />
                {niqe && <NiqeCells scores={niqe.images.get(image.name)} />}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Mean</th>
              <ScoreCells bicubic={line.bicubic} model={line.model} />
              {niqe && <NiqeCells scores={niqe.mean} />}
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="muted footnote">
        PSNR in dB and SSIM (Wang et al. 2004, 11×11 Gaussian) on Y, without a border of {configuration.scale}{' '}
        pixels.
        {niqe && (
          <>
            {' '}
            {niqeLabel}; lower looks more like them.
            {niqe.line !== line && ` Of the crops at step ${count(niqe.line.step)}.`}
          </>
        )}
      </p>
    </section>
  );
}

function ImageName({ name, shown }: { name: string; shown: boolean }) {
  if (!shown) return <>{name}</>;
  return (
    <button
      type="button"
      class="link"
      title={`Show ${name} on the stage`}
      onClick={() => {
        page.value = { ...page.value, image: name };
        document.querySelector('.gallery')?.scrollIntoView({ block: 'start' });
      }}
    >
      {name}
    </button>
  );
}

function ScoreCells({ bicubic, model }: { bicubic: Score; model: Score }) {
  const difference = model.psnr - bicubic.psnr;
  const sign = difference >= 0 ? 'gain-up' : 'gain-down';
  return (
    <>
      <td>{decibels(bicubic.psnr)}</td>
      <td>{decibels(model.psnr)}</td>
      <td class={sign}>{gain(difference)}</td>
      <td>{fixed(bicubic.ssim, 4)}</td>
      <td>{fixed(model.ssim, 4)}</td>
    </>
  );
}

/** A dash where a crop is too small to be measured. */
function NiqeCells({ scores }: { scores: NiqeScores | undefined }) {
  return (
    <>
      {(['bicubic', 'model', 'hr'] as const).map((picture) => (
        <td key={picture}>{scores === undefined ? '–' : fixed(scores[picture], 2)}</td>
      ))}
    </>
  );
}
