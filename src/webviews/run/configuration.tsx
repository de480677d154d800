/** The run's configuration, folded: every setting by its name in `run.srgan.json`, and what is special about it in words. */
import { Button } from '../kit/controls';
import { page, perform, type Run } from './run-page-state';
import { contentNote, engineNote, skipNote } from './words';

export function Configuration({ run }: { run: Run }) {
  const { configuration } = run;
  const { $schema: _schema, format: _format, ...settings } = configuration;
  const notes = [
    engineNote(run.status, configuration.engine),
    skipNote(configuration.generator),
    contentNote(configuration.content),
  ];
  return (
    <details
      class="section configuration"
      open={page.value.configurationOpen}
      onToggle={(event) => {
        page.value = { ...page.value, configurationOpen: event.currentTarget.open };
      }}
    >
      <summary>
        <h2>Configuration</h2>
        <span class="muted">
          preset {configuration.preset}, data set {run.datasetName}, ×{configuration.scale}, seed{' '}
          {configuration.seed}
        </span>
      </summary>
      {notes.map((note) => note && <p key={note}>{note}</p>)}
      <dl class="settings">
        {flatten(settings).map(([path, value]) => (
          <div key={path}>
            <dt>{path}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Button icon="json" onPress={() => void perform('openConfiguration')}>
        Open configuration
      </Button>
    </details>
  );
}

/** Paths and values; a list of plain objects is told entry by entry in one line each. */
function flatten(value: unknown, path = ''): [path: string, value: string][] {
  if (Array.isArray(value)) {
    return value.map((entry, index) => [`${path}[${index}]`, inline(entry)]);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) =>
      flatten(inner, path === '' ? name : `${path}.${name}`),
    );
  }
  return [[path, inline(value)]];
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return value.map(inline).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${inline(inner)}`)
      .join(', ');
  }
  return String(value);
}
