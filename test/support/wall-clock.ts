/** The wall clock of a child process, set back while it runs: what Node.js tells it is changed, nothing else. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HOUR_MS = 3_600_000;

/** The value of NODE_OPTIONS with which SIGUSR2 sets the clock of a process back by an hour. The script is kept in `folder`. */
export function clockPreload(folder: string): string {
  const script = join(folder, 'clock.cjs');
  writeFileSync(
    script,
    `const now = Date.now.bind(Date);
let behind = 0;
Date.now = () => now() - behind;
globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(now() - behind);
    else super(...parts);
  }
};
process.on('SIGUSR2', () => {
  behind += ${HOUR_MS};
});
`,
  );
  return `--require=${script}`;
}
