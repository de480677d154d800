/** Sentences that teach, under the pictures: dismissed ones stay away, errors cannot be dismissed. */
import { useMemo } from 'preact/hooks';
import { Notice } from '../kit/states';
import { useSlowly } from '../kit/use-slowly';
import { advise } from './advice';
import { page, perform, type Run } from './run-page-state';

/** Advice reads the whole record, and is about hundreds of steps: it need not be had at once. */
const PAUSE_MS = 2000;

export function AdviceList({ run }: { run: Run }) {
  const { record, configuration } = run;
  const revision = useSlowly(run.revision, PAUSE_MS);
  const all = useMemo(() => advise(record, configuration), [record, revision, configuration]);
  const { dismissed } = page.value;
  return (
    <>
      {all
        .filter((advice) => advice.severity === 'error' || !dismissed.includes(advice.id))
        .map(({ id, severity, text, setting }) => (
          <Notice
            key={id}
            severity={severity}
            {...(severity === 'error'
              ? {}
              : {
                  onDismiss: () => {
                    page.value = { ...page.value, dismissed: [...dismissed, id] };
                  },
                })}
          >
            {text}{' '}
            {setting && (
              <button type="button" class="link" onClick={() => void perform('openConfiguration')}>
                Open <code>{setting}</code>
              </button>
            )}
          </Notice>
        ))}
    </>
  );
}
