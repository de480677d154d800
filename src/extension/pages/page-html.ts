/** The document of a page: an empty root, one script, one style sheet, and a content security policy that allows no more. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The pages that `dist/webviews` has a script and a style sheet for. */
export type PageName = 'run' | 'dataset' | 'engines' | 'compare' | 'transfer' | 'preview' | 'compare-images';

/** What a page may load: its own script, and styles, fonts and pictures of the folders its webview is rooted in. */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The toolkit adds style elements of its own, with the nonce that it finds in the document's `csp-nonce`.
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} blob: data:`,
    // The image stage fetches pictures, those that a page has made itself too.
    `connect-src ${cspSource} blob:`,
  ].join('; ');
}

/** The HTML of one page; every call has a nonce of its own. */
export function pageHtml(
  webview: vscode.Webview,
  webviews: vscode.Uri,
  page: PageName,
  title: string,
): string {
  const nonce = randomBytes(18).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(webviews, `${page}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(webviews, `${page}.css`));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(webview.cspSource, nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${style.toString()}">
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${script.toString()}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
