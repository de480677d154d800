/**
 * Memory that ran out: how such an error is known among others, and what a person can do about it. Who allocates throws an
 * `OutOfMemoryError` where it can tell; what systems and libraries throw is known by their words.
 */
import { formatCount } from '../protocol/quantities';
import type { RunConfiguration } from '../protocol/run-configuration';
import { hasCode, LabError, messageOf } from './lab-error';

/** There was not enough memory for what was asked. */
export class OutOfMemoryError extends LabError {}

/** What V8, WebAssembly, the C++ library, TensorFlow and CUDA say. */
const WORDS =
  /Array buffer allocation failed|WebAssembly\.Memory(?:\.grow)?\(\).*(?:allocate|grow|memory)|heap out of memory|std::bad_alloc|Cannot allocate memory|RESOURCE_EXHAUSTED|\bOOM\b|out of memory|memory is used up|Memory is used up/;

/** Whether an error, or what caused it, says that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof OutOfMemoryError) return true;
  if (hasCode(error, 'ERR_WORKER_OUT_OF_MEMORY', 'ENOMEM')) return true;
  if (!(error instanceof Error)) return false;
  return saysOutOfMemory(error.message) || (error.cause !== undefined && isOutOfMemory(error.cause));
}

/** Whether a text, such as the end of a log, holds the words of an allocation that failed. */
export function saysOutOfMemory(text: string): boolean {
  return WORDS.test(text);
}

/** Which settings of a run decide how much memory it takes, with what they are now; begins and ends a sentence. */
export function memoryAdvice({ data, generator, validation }: RunConfiguration, validating = false): string {
  const crop = validating ? `\`validation.crop\` (now ${validation.crop}), ` : '';
  return (
    `In run.srgan.json lower ${crop}\`data.batch\` (now ${data.batch}), \`data.patch\` (now ${data.patch}) ` +
    `or \`generator.channels\` (now ${generator.channels}), or close other programs.`
  );
}

/**
 * The error of a run that memory ran out in.
 * @param validating whether it was validating, not training
 * @param lastGood step of the newest checkpoint, null where there is none
 */
export function explainOutOfMemory(
  error: unknown,
  configuration: RunConfiguration,
  validating: boolean,
  lastGood: number | null,
): OutOfMemoryError {
  if (error instanceof RunOutOfMemory) return error;
  const next =
    lastGood === null
      ? 'Then resume; it starts anew, because there is no checkpoint yet.'
      : `Then resume; it goes on from the checkpoint at step ${formatCount(lastGood)}.`;
  const doing = validating ? 'validating' : 'training';
  return new RunOutOfMemory(
    `Out of memory while ${doing}. ${sentence(messageOf(error))} ${memoryAdvice(configuration, validating)} ${next}`,
    { cause: error },
  );
}

/** Told in the words of a run already. */
class RunOutOfMemory extends OutOfMemoryError {}

function sentence(text: string): string {
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}
