/** What is known of the picture: size, samples, colour profile, levels, and what the camera wrote. */
import { count, counted } from '../kit/format';
import { Notice } from '../kit/states';
import type { Extent } from '../stage/viewport';
import { facts, file, histogram, enlargement, trusted } from './preview-page-state';
import { LevelsChart } from './levels-chart';

export function Details() {
  const about = facts.value;
  const levels = histogram.value;
  return (
    <aside class="preview-details" aria-label="Details">
      {about?.notes.map((note) => (
        <Notice key={note} severity="info">
          {note}
        </Notice>
      ))}
      <section class="section" aria-label="Levels">
        <h2>Levels</h2>
        {levels ? (
          <LevelsChart levels={levels} />
        ) : (
          <p class="muted">{trusted.value ? 'Counting …' : 'Not counted.'}</p>
        )}
      </section>
      {about && (
        <section class="section" aria-label="File">
          <h2>File</h2>
          <Facts
            rows={[
              ...sizeRows(about),
              ['Format', about.format],
              ['Samples', `${about.colours}, ${counted(about.bitDepth, 'bit')} a channel`],
              ['Profile', about.profile ?? 'none, taken for sRGB'],
              ['Bytes', byteWords(about.bytes)],
              ['Shown', about.rendered ?? 'as it is in the file'],
              ['Folder', file.value?.folder ?? ''],
            ]}
          />
        </section>
      )}
      <EnlargementFacts />
      {about && about.exif.length > 0 && (
        <section class="section" aria-label="EXIF">
          <h2>EXIF</h2>
          <Facts rows={about.exif.map(({ name, value }) => [name, value])} />
        </section>
      )}
    </aside>
  );
}

function EnlargementFacts() {
  const shown = enlargement.value;
  if (!shown) return null;
  const { description, width, height, engine } = shown.about;
  return (
    <section class="section" aria-label="Enlargement">
      <h2>Enlargement</h2>
      <Facts
        rows={[
          ['By', description],
          ...sizeRows({ width, height }),
          ...(engine === null ? [] : [['Engine', engine] as const]),
        ]}
      />
    </section>
  );
}

function Facts({ rows }: { rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl class="preview-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function sizeRows({ width, height }: Extent): [name: string, value: string][] {
  const pixels = width * height;
  return [
    ['Size', `${count(width)}×${count(height)}`],
    ['Pixels', pixels < 1e5 ? count(pixels) : `${(pixels / 1e6).toFixed(1)} million`],
  ];
}

function byteWords(bytes: number): string {
  if (bytes < 1e4) return counted(bytes, 'byte');
  return bytes < 1e6 ? `${count(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
