/** What is wrong with the images, the worst first, each with what can be done about it. */
import { useState } from 'preact/hooks';
import type { DatasetAnalysis } from '../../protocol/dataset-analysis';
import type { DatasetHeader } from '../../protocol/dataset-page';
import { Button } from '../kit/controls';
import { counted } from '../kit/format';
import { analysis, changeFilter, collection, leaveOut, perform, work } from './dataset-page-state';
import { extraCopies, presentGroups, rankedProblems, type RankedKind } from './problem-groups';
import { ImageChip } from './image-chip';
import { everyImage } from './image-collection';
import { duplicateWords, measureWords, problemHints } from './words';

export function Problems({ header }: { header: DatasetHeader }) {
  const found = analysis.value;
  return (
    <section id="problems" class="section" aria-label="Problems">
      <div class="section-header">
        <h2>Problems</h2>
        {header.contents && (
          <Button
            icon="graph"
            disabled={work.value !== null}
            title="Look for duplicates, and for flat, blurred, noisy and blocky images"
            onPress={() => {
              perform('analyse');
            }}
          >
            {found ? 'Analyse again' : 'Analyse'}
          </Button>
        )}
      </div>
      {found && !found.current && (
        <p class="muted">The data set has changed since it was analysed; what follows was found before.</p>
      )}
      {found ? <Found result={found.result} header={header} /> : <NotAnalysed header={header} />}
    </section>
  );
}

function NotAnalysed({ header }: { header: DatasetHeader }) {
  return (
    <p class="muted">
      {header.contents
        ? 'These images have not been looked at together yet. Analysing finds duplicates, across the splits too, and ranks flat, blurred, noisy and blocky images.'
        : 'Images are analysed when the data set is complete.'}
    </p>
  );
}

function Found({ result, header }: { result: DatasetAnalysis; header: DatasetHeader }) {
  const groups = presentGroups(result, collection.value);
  const ranked = rankedProblems(result, collection.value);
  if (groups.length === 0 && ranked.length === 0)
    return <p class="muted">No duplicates, and nothing flat, blurred, noisy or blocky.</p>;
  return (
    <>
      {groups.length > 0 && <Duplicates groups={groups} header={header} />}
      {ranked.map((kind) => (
        <Ranked key={kind.problem} kind={kind} header={header} />
      ))}
    </>
  );
}

const FEW = 4;

function Duplicates(props: { groups: ReturnType<typeof presentGroups>; header: DatasetHeader }) {
  const { groups, header } = props;
  const [all, setAll] = useState(false);
  const extra = groups.flatMap((group) => extraCopies(group, collection.value));
  const across = groups.filter(({ acrossSplits }) => acrossSplits).length;
  return (
    <section class="problem" aria-label="Duplicates">
      <div class="problem-head">
        <h3>{counted(groups.length, 'group')} of duplicates</h3>
        {across > 0 && (
          <span class="problem-grave">
            {counted(across, 'group')} in both splits: validation would measure what was trained on
          </span>
        )}
        <Button
          icon="trash"
          disabled={work.value !== null}
          title="One of each group stays; where a group is in both splits, the one held out for validation"
          onPress={() => void leaveOut(extra)}
        >
          Leave out {counted(extra.length, 'copy', 'copies')}
        </Button>
      </div>
      {(all ? groups : groups.slice(0, FEW)).map((group) => {
        const copies = extraCopies(group, collection.value);
        return (
          <div key={group.images.join('\n')} class="duplicates">
            <span class="duplicates-kind">
              {duplicateWords[group.kind]}
              {group.acrossSplits && <strong>in both splits</strong>}
              <button
                type="button"
                class="link"
                disabled={work.value !== null}
                title={copies.join(', ')}
                onClick={() => void leaveOut(copies)}
              >
                Leave out {counted(copies.length, 'copy', 'copies')}
              </button>
            </span>
            <div class="chips">
              {group.images.map((name) => (
                <ImageChip key={name} name={name} header={header} />
              ))}
            </div>
          </div>
        );
      })}
      {groups.length > FEW && (
        <button
          type="button"
          class="link"
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? 'Show fewer' : `Show all ${groups.length} groups`}
        </button>
      )}
    </section>
  );
}

const WORST = 6;

function Ranked({ kind, header }: { kind: RankedKind; header: DatasetHeader }) {
  const { problem, images } = kind;
  const names = images.map(({ name }) => name);
  return (
    <section class="problem" aria-label={`${problem} images`}>
      <div class="problem-head">
        <h3>{counted(images.length, `${problem} image`)}</h3>
        <span class="muted">{problemHints[problem]}</span>
        <span class="problem-actions">
          <Button
            icon="search"
            title="Show only these in the grid"
            onPress={() => {
              changeFilter({ ...everyImage, problem });
              document.querySelector('.image-panel')?.scrollIntoView({ block: 'center' });
            }}
          >
            Show
          </Button>
          <Button icon="trash" disabled={work.value !== null} onPress={() => void leaveOut(names)}>
            {images.length === 1 ? 'Leave it out' : `Leave out all ${images.length}`}
          </Button>
        </span>
      </div>
      <div class="chips">
        {images.slice(0, WORST).map(({ name, value }) => (
          <ImageChip
            key={name}
            name={name}
            header={header}
            detail={measureWords(kind.measure, value)}
            removable
          />
        ))}
      </div>
    </section>
  );
}
