/** The line at the top: which picture, what enlarges it and how far that is, and what can be done with the result. */
import { useState } from 'preact/hooks';
import { Button, Dropdown, ProgressRing } from '../kit/controls';
import { count, timeLeft } from '../kit/format';
import { copySight } from './copy';
import {
  attempt,
  choices,
  choose,
  chosen,
  enlargement,
  facts,
  file,
  goOn,
  host,
  opening,
  page,
  trusted,
  update,
} from './preview-page-state';

const NONE = 'none';

export function PreviewHeader() {
  const about = facts.value;
  return (
    <header class="page-header preview-header">
      <div class="page-line">
        <div class="page-facts">
          <h1 class="page-name" title={file.value?.name}>
            {file.value?.name}
          </h1>
          {about && (
            <span class="muted">
              {count(about.width)}×{count(about.height)}
            </span>
          )}
          {trusted.value && <ChoiceOfEnlarger />}
          <Progress />
        </div>
        <Actions />
      </div>
    </header>
  );
}

function ChoiceOfEnlarger() {
  const list = [
    { value: NONE, label: 'Not enlarged' },
    ...choices.value.map(({ id, label, detail }) => ({ value: id, label: `${label} (${detail})` })),
  ];
  return (
    <Dropdown
      class="preview-choice"
      label="What enlarges the picture"
      choices={list}
      value={chosen()?.id ?? NONE}
      onChange={(id) => {
        choose(id === NONE ? null : id);
      }}
    />
  );
}

function Progress() {
  const shown = enlargement.value;
  if (opening.value && !shown) {
    return (
      <span class="preview-progress" role="status">
        <ProgressRing label="Opening the model" /> opening
      </span>
    );
  }
  if (!shown) return null;
  const { about, done, secondsLeft, state } = shown;
  const words = [`${count(done)} of ${count(about.total)} parts`];
  if (state === 'running' && secondsLeft !== null) words.push(timeLeft(secondsLeft));
  if (state === 'stopped') words.push('stopped');
  if (state === 'done') return <span class="muted">enlarged</span>;
  return (
    <span class="preview-progress">
      {state === 'running' && <progress value={done} max={about.total} aria-label="Enlarged" />}
      <span class="muted">{words.join(' · ')}</span>
      {state === 'running' ? (
        <Button
          appearance="icon"
          icon="debug-stop"
          title="Stop enlarging; what is there stays"
          onPress={() => {
            attempt(host.request('stop', {}));
          }}
        />
      ) : (
        <Button appearance="icon" icon="debug-restart" title="Enlarge again" onPress={goOn} />
      )}
    </span>
  );
}

function Actions() {
  const choice = chosen();
  const [said, say] = useState('');
  return (
    <span class="page-actions">
      <span class="muted" role="status">
        {said}
      </span>
      <Button
        icon="clippy"
        title="Copy what is in sight, pixel by pixel, as a picture"
        onPress={() => {
          say('');
          attempt(
            copySight().then((words) => {
              say(words);
            }),
          );
        }}
      >
        Copy
      </Button>
      {choice && (
        <Button
          icon="save"
          title="Enlarge the whole picture into a file"
          onPress={() => {
            attempt(host.request('saveAs', { enlarger: choice.enlarger }, { timeout: null }));
          }}
        >
          Save As…
        </Button>
      )}
      <Button
        appearance="icon"
        icon="info"
        title="Details"
        pressed={page.value.details}
        onPress={() => {
          update({ details: !page.value.details });
        }}
      />
    </span>
  );
}
