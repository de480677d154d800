/**
 * Reads along with the logs of VS Code during a test: every error and warning in them is a failure, unless it is on the
 * list of noise that this way of running VS Code makes on its own.
 */

interface Noise {
  pattern: RegExp;
  /** Where it comes from, and why it says nothing about the lab. */
  why: string;
}

const noise: Noise[] = [
  {
    pattern: /bindings file|\bspdlog\b|vscode-sqlite3|native-watchdog|build\/Release\/watchdog/,
    why: 'Native modules of the server that are not compiled: it logs to the console and goes on.',
  },
  {
    pattern: /vsda|serviceWorker|ServiceWorker|status of 404|response code \(404\)/,
    why: 'Parts of the Microsoft build that code-server does not ship; its workbench asks for them all the same.',
  },
  {
    pattern: /open-vsx\.org|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ENOTFOUND|EAI_AGAIN|gallery/i,
    why: 'The extension gallery, which tests do not reach.',
  },
  {
    pattern: /allow-scripts and allow-same-origin|started in a same-origin iframe/,
    why: 'How the workbench isolates web worker extensions and webviews when it has one origin.',
  },
  {
    pattern: /authentication provider 'github'|GitHub authentication|\[DefaultAccount\]/,
    why: 'The workbench looks for a GitHub account to offer chat with; nobody is signed in here.',
  },
  {
    pattern: /ERR Canceled: Canceled|color: #f33 Canceled/,
    why: 'What the workbench was waiting for when its extension host was ended.',
  },
  {
    pattern: /An unknown error occurred\. Please consult the log/,
    why: 'The same failed look-ups, told as a notification.',
  },
  {
    pattern: /OverlayWebview has been disposed/,
    why: 'An editor that is closed while it is still being opened; tests are quicker than people.',
  },
  {
    pattern: /Aborted onWillSaveTextDocument-event/,
    why: 'The workbench saves its own settings while the extension host is still starting.',
  },
  {
    pattern:
      /MCP migration: Failed to parse MCP config from \S*settings\.json: SyntaxError: Unexpected end of JSON/,
    why: 'The workbench looks into its settings, to see whether they name servers of tools, in the moment in which it writes them.',
  },
  {
    pattern: /No search provider registered for scheme: vscode-remote, waiting/,
    why: 'Files are looked for while the workbench’s search is still starting; it waits for it, and then looks.',
  },
  {
    pattern: /\[File Watcher \(node\.js\)\] (Error: ENOENT.*, scandir|Failed to watch .*ENOENT.*, watch)/,
    why: 'The server’s watcher begins to watch, or is still reading, a folder that a test deletes.',
  },
  {
    pattern: /Creation of workbench contribution/,
    why: 'The workbench times its own parts and complains of slow machines.',
  },
  {
    pattern: /Time limit reached when tokenizing line/,
    why: 'The workbench gives up on colouring a line of text that took it long on a busy machine.',
  },
  {
    pattern: /require is not defined[\s\S]*@vscode\/vscode-languagedetection/,
    why: 'The workbench guesses the language of an untitled document by a library that fails in a browser.',
  },
  {
    pattern: /DialogService: Dialog requested during smoke test/,
    why: 'The driver of the workbench expects no questions; a test that answers one means it.',
  },
];

/** Which lines of the server's own output count; its browser console has levels instead. */
const alarming = /\b(error|warn(ing)?|exception|unhandled|rejection)\b/i;

export class LogWatch {
  /** Everything, for the message of a failed test. */
  readonly lines: string[] = [];
  readonly problems: string[] = [];

  private closing = false;

  /** From here on nothing counts: the window is being closed or reloaded, and VS Code complains of it. */
  pause(): void {
    this.closing = true;
  }

  /** The window is there again. */
  resume(): void {
    this.closing = false;
  }

  /** A line that the server printed. */
  server(line: string): void {
    this.lines.push(`server: ${line}`);
    if (alarming.test(line)) this.judge(`server: ${line}`);
  }

  /** A message on the console of the browser, where the extension host's arrives too. */
  browser(level: string, text: string): void {
    this.lines.push(`${level}: ${text}`);
    if (level === 'error' || level === 'warning') this.judge(`browser ${level}: ${text}`);
  }

  /** An exception that nobody caught in the browser. */
  uncaught(error: Error): void {
    this.lines.push(`uncaught: ${error.stack ?? error.message}`);
    this.judge(`uncaught in the browser: ${error.stack ?? error.message}`);
  }

  private judge(problem: string): void {
    if (!this.closing && !noise.some(({ pattern }) => pattern.test(problem))) this.problems.push(problem);
  }

  /** Throws if anything was logged that should not have been. */
  assertQuiet(): void {
    if (this.problems.length === 0) return;
    throw new Error(
      `${this.problems.length} unexpected errors or warnings in the logs:\n${this.problems.join('\n')}`,
    );
  }
}
