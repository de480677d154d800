/**
 * An error that a person can act on. Its message says what happened, to which file, what it means and what to do; it is
 * shown as it is, without a stack. Every other error is a bug of ours and is reported as one.
 */
export class LabError extends Error {
  override readonly name = 'LabError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether `error` is a system error with one of these codes, e.g. `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** The system error that an error explains, to explain it in other words; where there is none, the error itself. */
export function systemErrorOf(error: unknown): unknown {
  return error instanceof LabError && error.cause instanceof Error && 'code' in error.cause
    ? error.cause
    : error;
}

const causes: Record<string, string> = {
  ENOSPC: 'The disk is full. Free some space and try again.',
  EDQUOT: 'Your disk quota is used up. Free some space and try again.',
  EACCES: 'You may not write there. Choose another place or change its permissions.',
  EPERM: 'You may not write there. Choose another place or change its permissions.',
  EROFS: 'That file system is read-only. Choose another place.',
  ENOENT: 'The folder is gone: it was deleted, renamed or never existed.',
  ENOTDIR: 'A part of that path is a file, not a folder.',
  EISDIR: 'That is a folder, not a file.',
  EMFILE: 'Too many files are open. Close other programs or raise the limit (ulimit -n).',
  ENAMETOOLONG: 'That path is too long for this system. Choose a shorter one.',
};

/**
 * A `LabError` for a failed file operation: what was tried, on which path, the cause in words and what to do.
 * A `LabError` passes unchanged; anything that is not a system error is returned as it is, because it is a bug.
 */
export function explainFileError(action: string, path: string, error: unknown): unknown {
  if (error instanceof LabError || !(error instanceof Error) || !('code' in error)) return error;
  const cause = causes[String(error.code)] ?? `The system says: ${error.message}`;
  return new LabError(`Could not ${action} ${path}. ${cause}`, { cause: error });
}
