/** What checking the files has found, and mending it. */
import { Button } from '../kit/controls';
import { counted } from '../kit/format';
import { Notice } from '../kit/states';
import { checked, listing, repairFiles, work } from './dataset-page-state';

/** More than anyone reads one by one. */
const MOST_FILES = 200;

export function CheckReport() {
  const problems = checked.value;
  if (problems === null) return null;
  const dismiss = () => {
    checked.value = null;
  };
  if (problems.length === 0) {
    return (
      <Notice severity="success" onDismiss={dismiss}>
        The files of all {counted(listing.value.images.length, 'image')} are as they were written.
      </Notice>
    );
  }
  return (
    <Notice severity="error" onDismiss={dismiss}>
      <p>
        {counted(problems.length, 'file')} {problems.length === 1 ? 'is' : 'are'} not as written.
      </p>
      <ul class="check-problems">
        {problems.slice(0, MOST_FILES).map(({ file, problem }) => (
          <li key={`${file}${problem}`}>
            <code>{file}</code>: {problem}
          </li>
        ))}
        {problems.length > MOST_FILES && <li>and {counted(problems.length - MOST_FILES, 'more file')}</li>}
      </ul>
      <p class="notice-actions">
        <Button
          icon="tools"
          disabled={work.value !== null}
          title="Makes them again from their sources"
          onPress={() => void repairFiles()}
        >
          Repair
        </Button>
      </p>
    </Notice>
  );
}
