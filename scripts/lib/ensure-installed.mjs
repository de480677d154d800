// Makes node_modules agree with package-lock.json, and does nothing when it already does. npm records what it has
// installed in node_modules/.package-lock.json; comparing the two needs no stamp of ours and survives `npm install`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages of a lock file, by path; null when it is missing or unreadable. */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** Whether each package that the lock file asks for is installed in that version; those for other systems may lack. */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null)
    throw new Error('package-lock.json is missing or damaged: restore it from the repository.');
  if (installed === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    return installed[path] === undefined
      ? entry.optional === true
      : installed[path].version === entry.version;
  });
}

/** Installs the dependencies if needed. Throws with what to do when npm fails. */
export async function ensureInstalled(root) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    throw new Error(
      `SRGAN Lab needs Node.js 20 or newer; this is ${process.version}. See https://nodejs.org`,
    );
  }
  if (isInstalled(root)) return;
  console.log('Installing the dependencies with npm …');
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: 'inherit' };
  const { status, error } =
    npm !== undefined && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], options)
      : spawnSync('npm ci --ignore-scripts --no-audit --no-fund', { ...options, shell: true });
  if (error !== undefined || status !== 0) {
    const reason = error?.message ?? `exit code ${status}`;
    throw new Error(
      `npm could not install the dependencies (${reason}). Read npm's message above; the npm registry must be reachable. Then run the command again.`,
    );
  }
}
