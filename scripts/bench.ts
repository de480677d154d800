/** `npm run bench [-- COMMAND]`: builds, then measures; see test/bench and docs/benchmarks.md. */
import { bench } from '../test/bench/index';
import { build } from './build';

export async function main(args: string[]): Promise<void> {
  // Setting up needs no bundle, and everything else the present ones.
  if (args[0] !== 'set-up') await build({ production: false }, false);
  await bench(args);
}
