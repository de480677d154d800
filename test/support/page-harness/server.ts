/**
 * The pages without VS Code: a loopback server with the document, the policy and the variables that the host would give,
 * and a stand-in for its message channel that sends a recorded snapshot.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { basename, extname, join } from 'node:path';
import type { PageName } from '../../../src/extension/pages/page-html';
import { themeClasses, themeVariables, type HarnessTheme } from './themes';

export interface HarnessOptions {
  /** Folder of the built pages, `dist/webviews`. */
  webviews: string;
  /** Folder of the pictures that snapshots name as `files/NAME`. */
  files: string;
  /** Answers the dataset page's request of that name. */
  preview?: (parameters: unknown) => Promise<unknown>;
  /** Answers to other requests, by their names. */
  answers?: Record<string, (parameters: unknown) => Promise<unknown>>;
  /** What the host posts once the page is ready, by the name in the address. */
  scripts: Record<string, { page: PageName; events: { name: string; payload: unknown }[] }>;
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

/** Keeps the page's state over reloads, records what the page asks, and answers every request with nothing. */
const standIn = (answered: readonly string[]): string => `
  const answered = ${JSON.stringify(answered)};
  const key = 'state ' + location.pathname;
  const answer = async ({ name, parameters }) => {
    if (name === 'check') return { problems: [] };
    if (!answered.includes(name)) return null;
    const answer = await fetch('/answers/' + name, { method: 'POST', body: JSON.stringify(parameters) });
    return answer.json();
  };
  window.requests = [];
  window.acquireVsCodeApi = () => ({
    getState: () => JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem(key, JSON.stringify(state)),
    postMessage: (message) => {
      window.requests.push(message);
      if (message.type === 'ready') {
        fetch(location.pathname + '/events').then((answer) => answer.json()).then((events) => {
          for (const event of events) window.postMessage({ type: 'event', ...event });
        });
      } else {
        answer(message).then((ok) => window.postMessage({ type: 'reply', id: message.id, reply: { ok } }));
      }
    },
  });`;

function documentOf(
  page: string,
  theme: HarnessTheme,
  origin: string,
  answered: readonly string[],
): { html: string; policy: string } {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${origin} 'nonce-${nonce}'`,
    `font-src ${origin}`,
    `img-src ${origin} blob: data:`,
    `connect-src ${origin} blob:`,
  ].join('; ');
  const variables = JSON.stringify(themeVariables[theme]);
  const html = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta property="csp-nonce" nonce="${nonce}"><title>${page}</title>
<script nonce="${nonce}">
  for (const [name, value] of Object.entries(${variables})) {
    document.documentElement.style.setProperty('--vscode-' + name, value);
  }
  ${standIn(answered)}
</script>
<link rel="stylesheet" href="/webviews/${page}.css"></head>
<body class="${themeClasses[theme]}"><div id="root"></div>
<script type="module" nonce="${nonce}" src="/webviews/${page}.js"></script></body></html>`;
  return { html, policy };
}

/** A data set of any number of images shows a few pictures again and again: `files/hr/NAME-3.png` is the file `hr-3.png`. */
function pairFile(path: string): string | undefined {
  const [, kind, number] = /^\/files\/(hr|lr)\/.*-(\d+)\.png$/.exec(path) ?? [];
  return kind === undefined ? undefined : `${kind}-${number ?? ''}.png`;
}

/** Listens on a free loopback port; addresses are `/SCRIPT?theme=THEME`. */
export async function serveHarness(options: HarnessOptions): Promise<{ origin: string; server: Server }> {
  const answers: HarnessOptions['answers'] & object = {
    ...options.answers,
    ...(options.preview && { preview: options.preview }),
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, first = '', second = ''] = url.pathname.split('/');
    const script = options.scripts[first];
    const send = (type: string, body: string | Buffer, headers: Record<string, string> = {}): void => {
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', ...headers }).end(body);
    };
    const sendFile = async (folder: string, file: string): Promise<void> => {
      try {
        const name = basename(decodeURIComponent(file));
        send(types[extname(name)] ?? 'application/octet-stream', await readFile(join(folder, name)));
      } catch {
        response.writeHead(404).end();
      }
    };
    if (first === 'answers') {
      void text(request)
        .then((body) => answers[second]?.(JSON.parse(body)))
        .then((answer) => {
          send('application/json', JSON.stringify(answer ?? null));
        });
    } else if (first === 'webviews') void sendFile(options.webviews, second);
    else if (first === 'files') void sendFile(options.files, pairFile(url.pathname) ?? second);
    else if (script && second === 'events') send('application/json', JSON.stringify(script.events));
    else if (script) {
      const theme = (url.searchParams.get('theme') ?? 'dark') as HarnessTheme;
      const { html, policy } = documentOf(script.page, theme, origin(), Object.keys(answers));
      send('text/html', html, { 'content-security-policy': policy });
    } else response.writeHead(404).end();
  });
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { origin: origin(), server };
}
