/** What a classifier confuses, and the mistakes it was surest of as pictures. */
import type { Mistake } from '../../protocol/transfer';
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { palette } from '../kit/theme';
import { confusionSvg } from './confusion-svg';
import { Section } from './section';
import { SheetImage } from './sheet';
import { classOf, confusionRows, mistakeRows, nameOf, percent } from './words';

export function Confusion({
  now,
  matrix,
}: {
  now: TransferSnapshot;
  matrix: readonly (readonly number[])[];
}) {
  const names = matrix.map((_, label) => classOf(now.data, label));
  return (
    <Section
      title="Confusion matrix"
      figure={{
        name: 'confusion-matrix',
        rows: () => confusionRows(names, matrix),
        svg: () => confusionSvg(`${now.configuration.name}: confusion matrix`, names, matrix, palette.peek()),
      }}
    >
      <div class="transfer-scroll">
        <table class="transfer-confusion">
          <caption class="muted">Rows are labels, columns answers; all seeds together.</caption>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.map((row, label) => {
              const total = row.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={names[label]}>
                  <th scope="row">{names[label]}</th>
                  {row.map((count, answer) => (
                    <td
                      key={answer}
                      class={answer === label ? 'transfer-right' : 'transfer-wrong'}
                      style={{ '--share': total === 0 ? '0' : String(count / total) }}
                    >
                      {count === 0 ? '·' : count}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

export function Mistakes({ now, mistakes }: { now: TransferSnapshot; mistakes: readonly Mistake[] }) {
  return (
    <Section
      title="Worst mistakes"
      figure={{ name: 'worst-mistakes', rows: () => mistakeRows(now.data, mistakes) }}
    >
      {mistakes.length === 0 ? (
        <p class="muted">None: every test image was right.</p>
      ) : (
        <ul class="transfer-mistakes">
          {mistakes.map(({ image, label, prediction, share }) => (
            <li key={image} title={nameOf(now.data, image)}>
              <SheetImage now={now} image={image} />
              <span>
                {classOf(now.data, label)}, taken for {classOf(now.data, prediction)}
              </span>
              <span class="muted">{percent(share)} sure</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
