/** The hash by which files are told apart. */
import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal digits. */
export function hashOf(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
