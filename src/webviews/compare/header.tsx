/** The answer first, in one line that stays: how many runs, which is best and by how much; adding runs, taking the table away. */
import { Button } from '../kit/controls';
import { counted } from '../kit/format';
import { MenuButton } from '../kit/menu';
import { Problem } from '../kit/states';
import { bestOf } from './columns';
import { copied, copyText, perform, problem, runs, saveText, view } from './compare-page-state';
import { RunKey } from './run-key';
import { viewAsCsv, viewAsMarkdown } from './view';
import { scoreWords } from './words';

export function CompareHeader() {
  const list = runs.value ?? [];
  const { all } = view.value;
  const best = bestOf(all);
  const training = all.filter(({ run }) => run.content.status.state === 'running').length;
  return (
    <header class="page-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name">Compare {counted(list.length, 'run')}</h1>
          {best && all.length > 1 && (
            <span class="compare-best" title="By PSNR on whole validation images, else on crops">
              <span class="muted">best PSNR</span>
              <RunKey slot={best.run.slot} />
              <strong>{best.run.name}</strong>
              <span class="muted">{scoreWords(best)}</span>
            </span>
          )}
          {training > 0 && <span role="status">{training} training</span>}
        </div>
        <span class="page-actions">
          <span class="muted" role="status">
            {copied.value && 'Copied'}
          </span>
          <Button
            icon="add"
            title="Add runs of this workspace"
            onPress={() => {
              perform('addRuns');
            }}
          >
            Add runs…
          </Button>
          <MenuButton
            label="More actions"
            items={[
              {
                label: 'Add all runs of a folder…',
                icon: 'folder-opened',
                run: () => {
                  perform('addFolder');
                },
              },
              {
                label: 'Copy table (Markdown)',
                icon: 'clippy',
                run: () => void copyText(viewAsMarkdown(view.value)),
              },
              {
                label: 'Copy table (CSV)',
                icon: 'clippy',
                run: () => void copyText(viewAsCsv(view.value)),
              },
              {
                label: 'Save table (CSV)…',
                icon: 'save',
                run: () => {
                  saveText('comparison.csv', viewAsCsv(view.value));
                },
              },
              {
                label: 'Save table (Markdown)…',
                icon: 'save',
                run: () => {
                  saveText('comparison.md', viewAsMarkdown(view.value));
                },
              },
            ]}
          />
        </span>
      </div>
      <Problem problem={problem} />
    </header>
  );
}
