/** Why there is no data set to be made, in words. */
import { join } from 'node:path';
import { LabError } from '../../folders/lab-error';
import type { Omission } from '../../protocol/dataset-file';
import { countOf } from '../../protocol/quantities';
import { readableFormatsInWords } from '../image-files';
import type { Plan } from './plan';

/** The folders hold nothing that can be used; the message says what they hold instead. */
export class NothingUsable extends LabError {
  constructor(roots: readonly string[], plan: Plan, omitted: readonly Omission[]) {
    super(messageFor(roots, plan, omitted));
  }
}

function messageFor(
  roots: readonly string[],
  { otherFiles, unwantedImages, leftOut }: Plan,
  omitted: readonly Omission[],
): string {
  const where = roots.join(', ');
  const besides = [
    ...(otherFiles > 0 ? [`${countOf(otherFiles, 'file')} there ${are(otherFiles)} of other kinds.`] : []),
    ...(unwantedImages > 0
      ? [
          `${countOf(unwantedImages, 'image')} there ${are(unwantedImages)} left out by the include and exclude patterns.`,
        ]
      : []),
    ...(leftOut > 0
      ? [`${countOf(leftOut, 'image')} ${leftOut === 1 ? 'was' : 'were'} left out by hand.`]
      : []),
  ].map((sentence) => ` ${sentence}`);
  const shown = omitted
    .slice(0, 10)
    .map(({ source, root, reason }) => `\n  ${join(roots[root]!, source)}: ${reason}`);
  const whatToDo =
    unwantedImages > 0
      ? 'Change the patterns, or choose another folder.'
      : `Choose a folder with ${readableFormatsInWords}.`;
  if (omitted.length > shown.length) shown.push(`\n  and ${omitted.length - shown.length} more`);
  return shown.length === 0
    ? `There are no images in ${where}.${besides.join('')} ${whatToDo}`
    : `There is no usable image in ${where}.${besides.join('')} Left out:${shown.join('')}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
