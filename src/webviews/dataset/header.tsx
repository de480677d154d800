/** What the data set is, in one line, and what can be done with it. */
import { Button } from '../kit/controls';
import { MenuButton } from '../kit/menu';
import { Problem } from '../kit/states';
import { degradationInWords } from '../../protocol/degradation-words';
import type { DatasetSnapshot } from '../../protocol/pages';
import { check, checkFiles, perform, problem } from './dataset-page-state';
import { degradationDetails, omissionWords, sizeWords, splitWords } from './words';

export function DatasetHeader({ dataset: { folder, file, images } }: { dataset: DatasetSnapshot }) {
  const checking = check.value === 'running';
  return (
    <header class="page-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name" title={folder}>
            {file.name}
          </h1>
          <strong>{splitWords(images)}</strong>
          <span>×{file.scale}</span>
          <span title={degradationDetails(file.degradation)}>{degradationInWords(file.degradation)}</span>
          <span class="muted">{sizeWords(images)}</span>
          {file.omitted.length > 0 && (
            <a class="dataset-omitted" href="#omitted">
              {omissionWords(file.omitted)}
            </a>
          )}
        </div>
        <span class="page-actions">
          <Button
            appearance="primary"
            icon="play"
            disabled={images.length === 0}
            onPress={() => {
              perform('startTraining');
            }}
          >
            Start training…
          </Button>
          <Button
            icon="check"
            disabled={checking}
            title="Read every file again and compare it with its hash"
            onPress={() => void checkFiles()}
          >
            {checking ? 'Checking…' : 'Check files'}
          </Button>
          <MenuButton
            label="More actions"
            items={[
              {
                label: 'Open as text',
                icon: 'json',
                run: () => {
                  perform('openAsText');
                },
              },
              {
                label: 'Reveal folder',
                icon: 'folder-opened',
                run: () => {
                  perform('revealFolder');
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
