/**
 * The private Python environment that the lab can set up for the native engine. It lies in the person's data folder, so that
 * the command line and every window find the same one.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the lab keeps what outlives a workspace; `SRGAN_LAB_HOME` moves it. */
export function labHome(): string {
  const chosen = process.env['SRGAN_LAB_HOME'];
  if (chosen !== undefined && chosen !== '') return chosen;
  switch (process.platform) {
    case 'win32':
      return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'srgan-lab');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'srgan-lab');
    default:
      return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'srgan-lab');
  }
}

export function labEnvironmentFolder(): string {
  return join(labHome(), 'python');
}
