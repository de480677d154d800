/** What happened in the run, the latest first. */
import { useState } from 'preact/hooks';
import type { EventLine } from '../../protocol/metrics';
import { Button } from '../kit/controls';
import { count, dateTime } from '../kit/format';
import { Icon, type IconName } from '../kit/icon';
import type { Run } from './run-page-state';

const icons: Record<EventLine['event'], IconName> = {
  started: 'play',
  resumed: 'debug-start',
  stage: 'layout',
  checkpoint: 'save',
  best: 'target',
  warning: 'warning',
  stopped: 'debug-stop',
  finished: 'pass',
  failed: 'error',
};
const FIRST = 12;

export function Events({ run }: { run: Run }) {
  const [all, setAll] = useState(false);
  const events = run.record.events.toReversed();
  const shown = all ? events : events.slice(0, FIRST);
  return (
    <section class="section" aria-label="Events">
      <h2>Events</h2>
      {events.length === 0 && <p class="muted">Nothing has happened yet.</p>}
      <ol class="events">
        {shown.map((event, index) => (
          <li key={`${events.length - index}`} class={`event event-${event.event}`}>
            <Icon name={icons[event.event]} />
            <span class="event-step">step {count(event.step)}</span>
            <span class="event-message">{event.message}</span>
            <time class="muted">{dateTime(event.time)}</time>
          </li>
        ))}
      </ol>
      {!all && events.length > FIRST && (
        <Button
          onPress={() => {
            setAll(true);
          }}
        >
          Show all {count(events.length)}
        </Button>
      )}
    </section>
  );
}
