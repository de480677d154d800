/**
 * The compare page: the answer, the runs as a table, their pictures, their curves. Sections are independent of each other: each
 * reads what it needs of the shown runs from `compare-page-state.ts`, so that another one is a file and a line here.
 */
import { useEffect } from 'preact/hooks';
import { Button } from '../kit/controls';
import { Empty, Loading } from '../kit/states';
import { CompareHeader } from './header';
import { CurvesSection } from './curves-section';
import { page, perform, runs, update } from './compare-page-state';
import { PicturesSection } from './pictures-section';
import { QualitySection } from './quality-section';
import { RunsSection } from './runs-section';

export function ComparePage() {
  if (runs.value === null) return <Loading what="Reading the runs" />;
  return (
    <>
      <CompareHeader />
      {runs.value.length === 0 ? <NoRuns /> : <Sections />}
    </>
  );
}

function Sections() {
  useEffect(() => {
    window.scrollTo(0, page.peek().scroll);
    const remember = () => {
      update({ scroll: window.scrollY });
    };
    window.addEventListener('scrollend', remember);
    return () => {
      window.removeEventListener('scrollend', remember);
    };
  }, []);
  return (
    <main class="compare-main">
      <RunsSection />
      <PicturesSection />
      <CurvesSection />
      <QualitySection />
    </main>
  );
}

function NoRuns() {
  return (
    <Empty icon="graph" title="No runs to compare">
      <p>Runs are put side by side here: settings that differ, scores, pictures and curves.</p>
      <div class="state-actions">
        <Button
          appearance="primary"
          icon="add"
          onPress={() => {
            perform('addRuns');
          }}
        >
          Add runs…
        </Button>
        <Button
          icon="folder-opened"
          onPress={() => {
            perform('addFolder');
          }}
        >
          Add all runs of a folder…
        </Button>
      </div>
    </Empty>
  );
}
