/** Sentences that teach, under the pictures: dismissed ones stay away, errors cannot be dismissed. */
import { useMemo } from 'preact/hooks';
import { Notice } from '../kit/states';
import { advise } from './advice';
import { page, perform, type Run } from './run-page-state';

export function AdviceList({ run }: { run: Run }) {
  const { record, revision, configuration } = run;
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
