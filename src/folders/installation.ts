/**
 * Where the parts of this installation lie. Everything that runs is bundled into `dist`; code that runs from source
 * (unit tests) uses the same bundles, so `npm run build` comes first.
 */
import { dirname, join } from 'node:path';

const bundled = !__filename.endsWith('.ts');
const root = bundled ? dirname(__dirname) : join(__dirname, '..', '..');

/** Path of a bundle, e.g. `bundlePath('feed-worker.js')`. */
export function bundlePath(name: string): string {
  return join(root, 'dist', name);
}
