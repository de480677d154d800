// Starts one of the project's scripts (`node scripts/bootstrap.mjs build`): plain JavaScript, because it must run in a
// fresh clone. It installs the dependencies where they are missing or out of date, then runs scripts/NAME.ts.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './lib/ensure-installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = ''] = process.argv.splice(2, 1);
const script = join(root, 'scripts', `${name}.ts`);

try {
  if (!/^[a-z-]+$/.test(name) || !existsSync(script)) throw new Error(`There is no script "${name}".`);
  await ensureInstalled(root);
  process.argv[1] = script;
  const require = createRequire(import.meta.url);
  require('tsx/cjs');
  await require(script).main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error);
  process.exitCode = 1;
}
