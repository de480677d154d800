/**
 * Pages with no file behind them: any number of panels of one kind, each on a subject of its own, which VS Code opens again
 * after a reload from what the page has kept.
 */
import * as vscode from 'vscode';

export interface PanelKind<Subject extends vscode.Disposable> {
  /** As package.json's activation events name it. */
  readonly viewType: string;
  readonly extensionUri: vscode.Uri;
  /** The subject of a page that kept `state`, whatever that is. */
  readonly restore: (state: unknown) => Subject;
  /** Makes the panel show its subject; the subject is disposed of with the panel. */
  readonly fill: (panel: vscode.WebviewPanel, subject: Subject) => void;
}

export class PanelPages<Subject extends vscode.Disposable> implements vscode.Disposable {
  private readonly open = new Map<vscode.WebviewPanel, Subject>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly kind: PanelKind<Subject>) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(kind.viewType, {
      deserializeWebviewPanel: (panel, state: unknown) => {
        this.fill(panel, kind.restore(state));
        return Promise.resolve();
      },
    });
  }

  /** Opens a page, or brings the one to the front whose subject `isShown` accepts. */
  show(title: string, isShown: (subject: Subject) => boolean, create: () => Subject): void {
    for (const [panel, subject] of this.open) {
      if (!isShown(subject)) continue;
      panel.reveal();
      return;
    }
    const { viewType } = this.kind;
    this.fill(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active), create());
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.open.keys()) panel.dispose();
  }

  private fill(panel: vscode.WebviewPanel, subject: Subject): void {
    const { extensionUri } = this.kind;
    this.open.set(panel, subject);
    panel.onDidDispose(() => {
      this.open.delete(panel);
      subject.dispose();
    });
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'page-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'page-dark.svg'),
    };
    this.kind.fill(panel, subject);
  }
}

/**
 * Lets the page load its own files and pictures of these folders. Changing what a page may load makes VS Code load it anew, so
 * the workspace is allowed whole: only folders outside of it change anything.
 */
export function allowPictures(
  webview: vscode.Webview,
  webviews: vscode.Uri,
  folders: readonly string[],
): void {
  const workspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const outside = folders
    .map((folder) => vscode.Uri.file(folder))
    .filter((uri) => vscode.workspace.getWorkspaceFolder(uri) === undefined);
  const localResourceRoots = [webviews, ...workspace, ...outside];
  const key = (roots: readonly vscode.Uri[] = []): string => roots.map(String).join('\n');
  const { enableScripts, localResourceRoots: before } = webview.options;
  if (enableScripts === true && key(before) === key(localResourceRoots)) return;
  webview.options = { enableScripts: true, localResourceRoots };
}
