/**
 * The pages without VS Code: a loopback server with the document, the policy and the variables that the host would give,
 * and a stand-in for its message channel that sends a recorded snapshot.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import type { PageName } from '../../../src/extension/pages/page-html';
import { themeClasses, themeVariables, type HarnessTheme } from './themes';

export interface HarnessOptions {
  /** Folder of the built pages, `dist/webviews`. */
  webviews: string;
  /** Folder of the pictures that snapshots name as `files/NAME`. */
  files: string;
  /** What the host posts once the page is ready, by the name in the address. */
  scripts: Record<string, { page: PageName; events: { name: string; payload: unknown }[] }>;
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
};

/** Keeps the page's state over reloads, records what the page asks, and answers every request with nothing. */
const standIn = `
  const key = 'state ' + location.pathname;
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
        const ok = message.name === 'check' ? { problems: [] } : null;
        window.postMessage({ type: 'reply', id: message.id, reply: { ok } });
      }
    },
  });`;

function documentOf(page: string, theme: HarnessTheme, origin: string): { html: string; policy: string } {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${origin} 'nonce-${nonce}'`,
    `font-src ${origin}`,
    `img-src ${origin} blob: data:`,
    `connect-src ${origin}`,
  ].join('; ');
  const variables = JSON.stringify(themeVariables[theme]);
  const html = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta property="csp-nonce" nonce="${nonce}"><title>${page}</title>
<script nonce="${nonce}">
  for (const [name, value] of Object.entries(${variables})) {
    document.documentElement.style.setProperty('--vscode-' + name, value);
  }
  ${standIn}
</script>
<link rel="stylesheet" href="/webviews/${page}.css"></head>
<body class="${themeClasses[theme]}"><div id="root"></div>
<script type="module" nonce="${nonce}" src="/webviews/${page}.js"></script></body></html>`;
  return { html, policy };
}

/** Listens on a free loopback port; addresses are `/SCRIPT?theme=THEME`. */
export async function serveHarness(options: HarnessOptions): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, first = '', second = ''] = url.pathname.split('/');
    const script = options.scripts[first];
    const send = (type: string, body: string | Buffer, headers: Record<string, string> = {}): void => {
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', ...headers }).end(body);
    };
    const sendFile = async (folder: string): Promise<void> => {
      try {
        const name = basename(decodeURIComponent(second));
        send(types[extname(name)] ?? 'application/octet-stream', await readFile(join(folder, name)));
      } catch {
        response.writeHead(404).end();
      }
    };
    if (first === 'webviews') void sendFile(options.webviews);
    else if (first === 'files') void sendFile(options.files);
    else if (script && second === 'events') send('application/json', JSON.stringify(script.events));
    else if (script) {
      const theme = (url.searchParams.get('theme') ?? 'dark') as HarnessTheme;
      const { html, policy } = documentOf(script.page, theme, origin());
      send('text/html', html, { 'content-security-policy': policy });
    } else response.writeHead(404).end();
  });
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { origin: origin(), server };
}
