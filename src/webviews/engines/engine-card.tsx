/** One engine: whether it can be used and why, what it computes on, how fast it is, and the next step as buttons. */
import type { Benchmark, EngineRemedy, EngineReport } from '../../protocol/engine-report';
import { describeDevices, describeVersions, engineTitle } from '../../protocol/engine-words';
import { presetNames } from '../../protocol/presets';
import { formatDuration, formatShortTime } from '../../protocol/quantities';
import { Button } from '../kit/controls';
import { Icon } from '../kit/icon';
import { carryOut } from './engines-page-state';

export function EngineCard({ engine }: { engine: EngineReport }) {
  const { usable, reason, device, devices, versions, library, benchmark } = engine;
  const facts: [string, string][] = [
    ...(device === undefined ? [] : [['Computes on', device] satisfies [string, string]]),
    ...describeDevices(devices).map((line): [string, string] => ['Device', line]),
    ...(versions === undefined ? [] : [['Versions', describeVersions(versions)] satisfies [string, string]]),
    ...(library === undefined ? [] : [['Library', library] satisfies [string, string]]),
  ];
  const title = engineTitle(engine);
  return (
    <section class="engine-card" aria-label={`${title}, ${usable ? 'usable' : 'not usable'}`}>
      <h2>
        <Icon name={usable ? 'pass' : 'error'} class={usable ? 'engine-usable' : 'engine-unusable'} />
        {title} <span class="engine-verdict">{usable ? 'usable' : 'not usable'}</span>
      </h2>
      <p>{reason}</p>
      <NextStep engine={engine} />
      {facts.length > 0 && (
        <dl class="engines-facts">
          {facts.map(([what, value]) => (
            <div key={`${what} ${value}`}>
              <dt>{what}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {benchmark !== undefined && <Speed benchmark={benchmark} />}
    </section>
  );
}

const remedyTexts: Record<EngineRemedy, string> = {
  'set-up': 'Set up native engine…',
  'choose-interpreter': 'Choose interpreter…',
  'open-settings': 'Open settings',
};

function NextStep({ engine: { advice, remedies = [] } }: { engine: EngineReport }) {
  if (advice === undefined && remedies.length === 0) return null;
  return (
    <div class="engine-next">
      {advice !== undefined && (
        <p>
          <strong>Next step:</strong> {advice}
        </p>
      )}
      <div class="engine-remedies">
        {remedies.map((remedy) => (
          <Button
            key={remedy}
            onPress={() => {
              carryOut(remedy);
            }}
          >
            {remedyTexts[remedy]}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** What a step takes, what that is a second, and how long the presets will take. */
function Speed({ benchmark: { secondsPerStep, gigaflops, presets } }: { benchmark: Benchmark }) {
  return (
    <div class="engine-speed">
      <table>
        <caption>Measured on steps of the quick preset</caption>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">A step</th>
            <th scope="col">Speed</th>
          </tr>
        </thead>
        <tbody>
          {(['pixel', 'adversarial'] as const).map((stage) => (
            <tr key={stage}>
              <th scope="row">{stage}</th>
              <td>{formatShortTime(secondsPerStep[stage])}</td>
              <td>{gigaflops[stage].toFixed(0)} GFLOP/s</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <caption>A preset will take about, validation left out</caption>
        <thead>
          <tr>
            {presetNames.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {presetNames.map((name) => (
              <td key={name}>{formatDuration(presets[name])}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
