/** Places of the project on disk, and how its messages look in a terminal. */
import { join } from 'node:path';

export const projectRoot = join(__dirname, '..', '..');

/** Absolute path of something in the project. */
export function inProject(...segments: string[]): string {
  return join(projectRoot, ...segments);
}

/** Prints a line that says what a script does now. */
export function say(message: string): void {
  console.log(`\u203a ${message}`);
}

/** Message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
