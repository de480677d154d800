/** Reading a JSON file through its schema, with errors that name the file, the key and what is allowed. */
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { explainFileError, LabError, messageOf } from './lab-error';

/** Marker files are small; a larger one is not ours, and would only stall the reader. */
const MAX_BYTES = 256 * 1024 * 1024;

/** One sentence for each thing that a schema found wrong: `stages.0.steps: must be …`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length > 0 ? issue.path.join('.') : 'the file'}: ${wordsOf(issue)}`)
    .join('; ');
}

/** What the library says, but where it would speak of discriminators. */
function wordsOf(issue: z.core.$ZodIssue): string {
  const options = issue.code === 'invalid_union' && 'options' in issue ? issue.options : undefined;
  if (options === undefined || options.length === 0) return issue.message;
  return `must be one of ${options.map(String).join(', ')}`;
}

/** Checks `value` against `schema`; `what` names it in the error. Throws a `LabError`. */
export function parseValue<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new LabError(`${what} is not valid. ${describeIssues(result.error)}.`);
}

/** Reads and checks a JSON file of format 1. Throws a `LabError` if it is missing, too large, not JSON, or not as the schema says. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const value = await readAnyJson(path);
  refuseOtherFormat(value, path, 1);
  return parseValue(schema, value, path);
}

/** Reads a JSON file whatever is in it. Throws a `LabError` if it is missing, too large or not JSON. */
export async function readAnyJson(path: string): Promise<unknown> {
  let text: string;
  try {
    if ((await stat(path)).size > MAX_BYTES)
      throw new LabError(`${path} is too large to be one of the lab’s files.`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw explainFileError('read', path, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LabError(
      `${path} is not valid JSON: ${messageOf(error)}. Correct it, or restore an earlier version.`,
    );
  }
}

/** The format that a file says it has; 1 where it says none. */
export function formatOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'format' in value ? value.format : 1;
}

/** A file of a later version would only be told as a list of odd keys; it needs another word. Throws a `LabError`. */
export function refuseOtherFormat(value: unknown, path: string, known: number): void {
  const format = formatOf(value);
  if (typeof format === 'number' && format !== known) {
    throw new LabError(
      `${path} has format ${format}, and this version of SRGAN Lab reads format ${known}. Open it with the version that wrote it, or update this one.`,
    );
  }
}
